/* tempera verify OUT.h5: 0 same, 1 different. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/options.h"
#include "run/verify.h"

static int tell(const char *file, const struct verification *v)
{
    if (!v->different) {
        printf("%s: the reference kernel gives the same u of every walker in "
               "all %d rows, up to sweep %d\n", file, v->rows,
               1 << (v->rows - 1));
        return EXIT_DONE;
    }
    printf("%s: different from the reference kernel in %ld values; first at "
           "sweep %d, walker %lld: %.17g in the file, %.17g now\n", file,
           v->different, v->first_sweep, v->walker, v->held, v->found);
    return EXIT_OTHER;
}

int verify_command(int argc, char **argv)
{
    struct err err = {0};
    const struct option none[] = {{NULL, NULL, NULL}};
    struct words words = options_sort(argc, argv, none, false, &err);
    struct verification result;
    int code = EXIT_DONE;
    if (!err_any(&err) && words.files != 1)
        err_add(&err, EXIT_INPUT, "tempera verify",
                "which file? tempera verify OUT.h5");
    if (!err_any(&err) && verify_file(words.file[0], &result, &err))
        code = tell(words.file[0], &result);
    words_free(&words);
    return err_any(&err) ? options_fail(&err) : code;
}
