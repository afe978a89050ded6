#include "app/commands.h"
#include "app/run.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct options options;
    int status = options_parse(argc, argv, &options);
    if (status == EXIT_GO_ON)
        status = options.command == COMMAND_REPLAY ? command_replay(&options) : command_explain(&options);
    if (fflush(stdout) != 0 || ferror(stdout))
        return run_failed("standard output", STATUS_IO);
    return status;
}
