/* The commands: argv[0] is the command's word; each returns the exit code
   (base/err.h) and prints results to standard output, messages to standard
   error. Only run_command is called on every rank. */
#ifndef TEMPERA_CLI_COMMANDS_H
#define TEMPERA_CLI_COMMANDS_H

int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int status_command(int argc, char **argv);
int report_command(int argc, char **argv);
int verify_command(int argc, char **argv);
int solve_command(int argc, char **argv);
int list_command(int argc, char **argv);
int help_command(int argc, char **argv);
int bench_command(int argc, char **argv);
int jobscript_command(int argc, char **argv);

#endif
