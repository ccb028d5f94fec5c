/*
 * The rivals in C: vfork + execve, and posix_spawn. Compiled on the spot by `spork bench spawn`; does on demand
 * what it is told over stdin, one line a request, one line a reply, so that rounds of all rivals interleave.
 *
 *   rivals vfork|posix_spawn CHILD HEAPBYTES
 *   spawn K            -> ALLOCATED CALL1 REAPED1 CALL2 REAPED2 ...   (nanoseconds)
 *   parallel T N       -> ALLOCATED ELAPSED
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char *child;
static int use_vfork;

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void spawn_one(long long *call, long long *reaped)
{
    char *argv[] = { child, NULL };
    pid_t pid;
    int status;
    long long start = now();

    if (use_vfork) {
        pid = vfork();
        if (pid == 0) {
            execve(child, argv, environ);
            _exit(127);
        }
    } else if (posix_spawn(&pid, child, NULL, NULL, argv, environ) != 0) {
        pid = -1;
    }
    *call = now() - start;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "spork: bench: a spawn in C failed\n");
        exit(1);
    }
    *reaped = now() - start;
}

static void *many(void *count)
{
    long long call, reaped;
    for (long i = (long)count; i > 0; i--)
        spawn_one(&call, &reaped);
    return NULL;
}

int main(int argc, char **argv)
{
    char line[128];
    int threads;
    long count;

    if (argc != 4)
        return 2;
    use_vfork = strcmp(argv[1], "vfork") == 0;
    child = argv[2];
    size_t heap = strtoull(argv[3], NULL, 10);
    char *memory = malloc(heap ? heap : 1);
    if (memory == NULL)
        return 1;
    memset(memory, 1, heap);
    /* Used after the loop too, so that no compiler drops the heap. */
    puts("ready");
    fflush(stdout);

    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "spawn %ld", &count) == 1) {
            long long *times = calloc(2 * count, sizeof *times);
            if (times == NULL)
                return 1;
            for (long i = 0; i < count; i++)
                spawn_one(&times[2 * i], &times[2 * i + 1]);
            printf("0");
            for (long i = 0; i < 2 * count; i++)
                printf(" %lld", times[i]);
            printf("\n");
            free(times);
        } else if (sscanf(line, "parallel %d %ld", &threads, &count) == 2 && threads > 0 && threads <= 64) {
            pthread_t all[64];
            long long start = now();
            for (int i = 0; i < threads; i++)
                if (pthread_create(&all[i], NULL, many, (void *)(count / threads)) != 0)
                    return 1;
            for (int i = 0; i < threads; i++)
                pthread_join(all[i], NULL);
            printf("0 %lld\n", now() - start);
        } else {
            return 2;
        }
        fflush(stdout);
    }
    return memory[0] == 2;
}
