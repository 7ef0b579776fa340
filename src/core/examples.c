#include "core/examples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool examples_from_file(const struct section *keys)
{
    return !strcmp(section_text(keys, "labels", "teacher"), "file");
}

static struct dataset *read_file(const struct section *keys,
                                 enum dataset_targets targets, int classes,
                                 struct err *err)
{
    struct dataset_request request = {
        .file = section_text(keys, "file", ""), .format = "auto",
        .labels_file = section_text(keys, "labels_file", ""),
        .targets = targets, .classes = classes,
        .outputs = targets == DATASET_REALS,
        .train = section_integer(keys, "examples", 0),
        .test = section_integer(keys, "test_examples", 0)};
    return dataset_read(&request, err);
}

int64_t examples_count(const struct section *keys)
{
    int64_t count = section_integer(keys, "examples", 0);
    return count ? count : 2 * section_integer(keys, "N", 20);
}

void examples_check(const struct section *keys, enum dataset_targets targets,
                    int classes, struct err *err)
{
    bool given = *section_text(keys, "file", "") != 0;
    bool wanted = examples_from_file(keys);
    if (given != wanted)
        err_add(err, EXIT_INPUT,
                section_where(keys, given ? "file" : "labels"),
                given ? "model.file: goes with model.labels = \"file\""
                      : "model.labels: \"file\" needs model.file");
    else if (!wanted && *section_text(keys, "labels_file", ""))
        err_add(err, EXIT_INPUT, section_where(keys, "labels_file"),
                "model.labels_file: goes with model.labels = \"file\"");
    else if (wanted && section_integer(keys, "samples", 1) > 1)
        err_add(err, EXIT_INPUT, section_where(keys, "samples"),
                "model.samples: a file is one sample");
    else if (wanted)
        dataset_free(read_file(keys, targets, classes, err));
}

struct dataset *examples_take(const struct section *keys,
                              enum dataset_targets targets, int classes)
{
    struct err err = {0};
    struct dataset *data = read_file(keys, targets, classes, &err);
    if (!data) { /* it was there a moment ago */
        fprintf(stderr, "%s\n", err.text);
        exit(EXIT_DATA);
    }
    if (*(const bool *)section_value(keys, "standardise"))
        dataset_standardise(data, data->examples -
                                      section_integer(keys, "test_examples",
                                                      0));
    return data;
}
