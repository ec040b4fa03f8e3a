/* `kotsnap practice ...`: the practice cluster as a process (kotsnap-practice(7)). Prints to
 * standard output and error: it is a program of its own. */
#ifndef BACKEND_PRACTICE_PRACTICE_H
#define BACKEND_PRACTICE_PRACTICE_H

/* argv[1] is "practice". Returns the exit code; with --open it may become the console instead and
 * not return. */
int practice_run(int argc, char **argv);

#endif
