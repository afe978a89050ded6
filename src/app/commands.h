/* commands.h: the commands; each returns the program's exit status. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

#include "app/options.h"

int command_replay(const struct options *options);
int command_explain(const struct options *options);

#endif
