#include "app/commands.h"

int main(int argc, char **argv)
{
    struct options options;
    int status = options_parse(argc, argv, &options);
    if (status != EXIT_GO_ON)
        return status;
    return options.command == COMMAND_REPLAY ? command_replay(&options) : command_explain(&options);
}
