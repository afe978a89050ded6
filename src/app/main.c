#include "app/commands.h"
#include "app/say.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    const char *help; /* lines of the program's own --help */
    int (*run)(int argc, char **argv);
} commands[] = {
    { "replay", "  replay LOG... --out DIR    run the engine over exchange logs and write what it decides\n",
        command_replay },
    { "explain",
        "  explain account ID LOG...  what each stage makes of an account\n"
        "  explain exchange ID LOG... what each stage makes of an exchange\n",
        command_explain },
    { "score", "  score --truth DIR --run DIR  what a run did, against what is true\n", command_score },
    { "simulate", "  simulate --scenario NAME   write the log of a simulated provider, with the truth\n",
        command_simulate },
    { "prove", "  prove --scenario NAME      detectors against operators that react, in a closed loop\n",
        command_prove },
    { "link",
        "  link FILE.csv              accounts that act together, in bare sightings: account,object,time\n",
        command_link },
    { "key", "  key add|revoke|list        the API keys that the gateway lets in\n", command_key },
    { "account",
        "  account import|list        what the provider knows of its accounts, for gateway and service\n",
        command_account },
    { "decision", "  decision list|release|set  what the gateway does to which account\n", command_decision },
};

static int print_help(void)
{
    fputs("Usage: stillwatch COMMAND [OPTION]...\n"
          "\n"
          "Finds accounts of an LLM API that one operator runs to distil the model.\n"
          "\n"
          "Commands:\n",
        stdout);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fputs(commands[i].help, stdout);
    fputs("\n"
          "  --help     this text; after a command: its options\n"
          "  --version  the version\n"
          "\n"
          "Exit status: 0 done; 1 something failed (files, memory); 2 wrong usage, policy or key;\n"
          "3 more lines of the log were bad than tolerated (the output was written all the same).\n",
        stdout);
    return EXIT_DONE;
}

static int run_command(int argc, char **argv)
{
    if (argc < 2)
        return say_usage("which command?");
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help"))
        return print_help();
    if (!strcmp(argv[1], "--version")) {
        puts("stillwatch " STILLWATCH_VERSION);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(argv[1], commands[i].name))
            return commands[i].run(argc - 1, argv + 1);
    return say_usage("unknown command '%s'", argv[1]);
}

int main(int argc, char **argv)
{
    int status = run_command(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout))
        return say_failed("standard output", STATUS_IO);
    return status;
}
