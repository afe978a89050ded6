#include "app/paths.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_BYTES = 4096 };

static bool is_one(const struct stat *left, const struct stat *right)
{
    return left->st_dev == right->st_dev && left->st_ino == right->st_ino;
}

/* The last part of the name; info is of the folder it stands in. NULL: there is no such folder. */
static const char *look_up(const char *path, struct stat *info)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    int n = slash ? snprintf(folder, sizeof folder, "%.*s/", (int)(slash - path), path)
                  : snprintf(folder, sizeof folder, ".");
    return n < (int)sizeof folder && stat(folder, info) == 0 ? slash ? slash + 1 : path : NULL;
}

bool paths_same(const char *left, const char *right)
{
    struct stat a, b;
    return left && right && stat(left, &a) == 0 && stat(right, &b) == 0 && is_one(&a, &b);
}

/* Of two that are not there yet. */
static bool will_be_same(const char *left, const char *right)
{
    struct stat a, b;
    if (stat(left, &a) == 0 || stat(right, &b) == 0)
        return false;
    const char *name = look_up(left, &a), *other = look_up(right, &b);
    return name && other && is_one(&a, &b) && strcmp(name, other) == 0;
}

bool paths_in(const char *path, const char *folder, const char *const *names)
{
    char file[PATH_BYTES];
    bool same = false;
    for (; path && *names && !same; names++)
        same = snprintf(file, sizeof file, "%s/%s", folder, *names) < (int)sizeof file &&
               (paths_same(path, file) || will_be_same(path, file));
    return same;
}
