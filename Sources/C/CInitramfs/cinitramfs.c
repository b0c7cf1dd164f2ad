#include "cinitramfs.h"

#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_prepared;

// Swift's runtime ends a program that cannot read /proc/self/exe, and seeds its hashing with getrandom(2), which waits until
// the kernel has entropy: a second, or minutes, on a processor without a generator. Both come before `main`. Nothing that
// this program hashes comes from an attacker in a number that matters: it reads its own, bounded, configuration.
static void prepare(int count, char **arguments, char **environment) {
    (void)count, (void)arguments, (void)environment;
    if (access("/proc/self/exe", F_OK) != 0) {
        mkdir("/proc", 0555);
        // The kernel's own call of a loader may come before the first process; only that may mount.
        if (getpid() != 1 || mount("proc", "/proc", "proc", MS_NOSUID | MS_NOEXEC | MS_NODEV, NULL) != 0) {
            static const char message[] = "lifeboot-init: /proc is not mounted\n";
            if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(2);
            _exit(1);
        }
    }
    is_prepared = setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1) == 0;
}

// Before the constructors of all others, Swift's among them.
__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **, char **) = prepare;

int cinitramfs_is_prepared(void) { return is_prepared; }
