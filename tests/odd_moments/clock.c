/* Shifts the wall clock of the process that preloads it, and of its children; what counts seconds (sleeping,
   waiting, CLOCK_MONOTONIC) stays as it is. libfaketime 0.9.10, which Debian has, breaks time.sleep or every
   wait of a thread in Python, whichever way it is told to leave the monotonic clock alone.

   CLOCK_SHIFT: seconds to add. CLOCK_SPEED, CLOCK_BASE: wall seconds that pass in one, since that moment. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int (*real)(clockid_t, struct timespec *);
static double shift, speed = 1, base;

__attribute__((constructor)) static void read_settings(void) {
    const char *text;
    real = dlsym(RTLD_NEXT, "clock_gettime");
    if ((text = getenv("CLOCK_SHIFT"))) shift = atof(text);
    if ((text = getenv("CLOCK_SPEED"))) speed = atof(text);
    if ((text = getenv("CLOCK_BASE"))) base = atof(text);
}

int clock_gettime(clockid_t id, struct timespec *out) {
    if (!real) read_settings();
    int failed = real(id, out);
    if (failed || (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE)) return failed;
    if (speed == 1) {
        out->tv_sec += (time_t)shift;
        return 0;
    }
    double now = base + shift + ((double)out->tv_sec + out->tv_nsec / 1e9 - base) * speed;
    out->tv_sec = (time_t)now;
    out->tv_nsec = (long)((now - (double)out->tv_sec) * 1e9);
    return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec now;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    out->tv_sec = now.tv_sec;
    out->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
