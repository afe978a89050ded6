/* commands.h: the commands; argv[0] is the command's name; each returns the program's exit status. */
#ifndef APP_COMMANDS_H
#define APP_COMMANDS_H

int command_replay(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_score(int argc, char **argv);
int command_simulate(int argc, char **argv);
int command_prove(int argc, char **argv);
int command_link(int argc, char **argv);
int command_key(int argc, char **argv);
int command_account(int argc, char **argv);
int command_decision(int argc, char **argv);

#endif
