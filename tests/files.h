/* Files in a folder of their own. */
#ifndef TEMPERA_TESTS_FILES_H
#define TEMPERA_TESTS_FILES_H
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct piece { const char *at; size_t size; };
#define PIECE(literal) {literal, sizeof literal - 1}

/* Goes to a new folder; files_done removes it and what is in it. */
static char files_folder[64];

__attribute__((unused))
static bool files_begin(void)
{
    strcpy(files_folder, "/tmp/tempera-files-XXXXXX");
    return mkdtemp(files_folder) && !chdir(files_folder);
}

__attribute__((unused))
static bool files_done(const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        unlink(names[i]);
    return !chdir("/") && !rmdir(files_folder);
}

/* A new file each time: some file systems wait for the disk when an old one is
   cut to nothing and written again. */
__attribute__((unused))
static void write_bytes(const char *name, const void *bytes, size_t count)
{
    unlink(name);
    FILE *out = fopen(name, "w");
    if (!out || fwrite(bytes, 1, count, out) != count || fclose(out))
        abort();
}

__attribute__((unused))
static void write_text(const char *name, const char *text)
{
    write_bytes(name, text, strlen(text));
}

#endif
