/*
 * The gate: PID 1 of every step's container.
 *
 * A container is started ahead of its step's turn. The gate waits on a FIFO until the worker
 * writes one framed message (limits and the whole environment), and only then runs the step's
 * program, as its child. It moves the program's output to the files of the spool, keeps its
 * limits, reaps what it leaves behind, and writes down how it ended. From the moment the gate
 * opens it needs no worker: the worker may die and not one byte is lost.
 *
 * The message and the files are described in docs/gate-protocol.md. Exit codes: the program's
 * own, 128 + signal, 127 or 126 where it could not be started, 125 where it was not tried.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef COMPOSER_DIR /* tests compile it with a folder of their own */
#define COMPOSER_DIR "/.composer"
#endif

enum {
    NOT_TRIED = 125,
    CANNOT_EXECUTE = 126,
    NOT_FOUND = 127,
    LAST_SIGNAL = 64,
    CHUNK = 1 << 20,             /* bytes moved at a time, and asked for as a pipe's size */
    MAX_ENVIRONMENT = 2 << 20,   /* bytes; the worker sends less than half of it */
    MAX_PLAN = 64 << 10,         /* bytes */
    MAX_INPUTS = 256,            /* read one after the other */
    MAX_CHANNELS = 21,           /* standard output and further ones */
    MAX_TARGETS = 66,            /* of one channel: readers, a file, a sample */
    MAX_DELIMITER = 4096,        /* bytes */
    METER_MS = 100,              /* between two writes of the meter */
    TERM_GRACE_MS = 2000,        /* from TERM to KILL when the time is up */
    BROKEN_PIPE_GRACE_MS = 5000, /* for a program whose reader has gone */
    LINGER_MS = 60,              /* between the news of the end and the container's own */
};

enum { OOM = 1, TIME_LIMIT = 2, OUTPUT_LIMIT = 4, BROKEN_PIPE = 8, DISK_FULL = 16, LOG_CUT = 32 };
enum { UNREAD = 64, TOLD = 128 };

/* What the worker writes into the gate: this, the plan, the environment, and the sum of all. */
struct order {
    char magic[8];
    uint64_t run_ms; /* 0: no limit */
    uint64_t output_limit;
    uint64_t log_limit;
    uint64_t plan_length;
    uint64_t environment_length;
};

/* What the worker reads while the step runs, and once it has ended. Native byte order. */
struct meter {
    uint64_t bytes_in, bytes_out, log_bytes;
    uint64_t full;                       /* a bit for each target, in the plan's order: it takes no more now */
    uint64_t port_bytes[MAX_CHANNELS - 1]; /* what came out of the further outputs */
};

struct ended {
    char magic[8];
    int32_t code, signal, exec_errno;
    uint32_t flags;
    struct meter meter;
    uint64_t started_ns, ended_ns; /* wall clock */
    uint32_t unused, sum;          /* the sum of all before it */
};

_Static_assert(sizeof(struct order) == 48 && sizeof(struct meter) == 192 && sizeof(struct ended) == 240,
               "gate.py knows these sizes");

static const char ORDER_MAGIC[8] = "CMPGATE2", ENDED_MAGIC[8] = "CMPENDED";

/* One place that a channel's bytes go to: a file, another step's input, or a sample of what passes. */
struct target {
    int fd;          /* -1 once it takes nothing more */
    int queue[2];    /* a pipe of its own, where there are several targets and this one can be slow */
    size_t queued;   /* bytes in there */
    uint64_t left;   /* bytes that it still takes; a sample takes few */
    bool is_fifo, is_sample, is_full;
    unsigned bit; /* its place in the meter */
};

/* One output of the step on its way. The slowest target sets the pace. */
struct channel {
    int from;       /* a pipe; -1 once all is taken out */
    bool ends_itself; /* its end is the pipe's end, not that of the program */
    uint64_t left;  /* after the program's exit: what was in the pipe by then */
    struct target targets[MAX_TARGETS];
    size_t count;
    uint64_t *moved; /* in the meter */
};

/* Passes on the lines between two delimiter lines. */
struct filter {
    const char *begin, *end;
    bool inside, past_start; /* past_start: this line is longer than the delimiter */
    char line[MAX_DELIMITER + 1];
    size_t held; /* bytes of the line that were not decided about */
};

/* What stands between the program and channel 0 where its output is not taken as it comes. */
struct pump {
    int from, into; /* -1: none */
    bool is_file;   /* a file that the program has written, read at its end */
    const char *path;
    uint64_t left;  /* as the channel's */
    char *buffer;
    size_t start, length;
    struct filter *filter;
};

/* Several inputs, one after the other. */
struct feed {
    int inputs[MAX_INPUTS];
    size_t count, current;
    int into; /* -1: the step reads its only input itself */
    bool is_full;
};

/* What the plan of the message says. */
struct plan {
    const char *take, *begin, *end; /* NULL: standard output, all of it */
};

/* One step, while it runs. */
struct step {
    pid_t pid;
    bool exited;
    int status;
    int exec_errno;
    uint32_t flags;
    int in;          /* its stdin; kept where it is a file, as its offset tells how far it has read */
    int log_pipes[2]; /* our ends of what it writes beside its data; -1 once closed */
    uint64_t log_lefts[2];
    int log;
    struct channel channels[MAX_CHANNELS];
    size_t channel_count;
    struct pump pump;
    struct feed feed;
    uint64_t output_limit, log_limit;
    struct meter meter, written_meter;
    int64_t meter_due, time_up, kill_at; /* monotonic ms; INT64_MAX: never */
    uint64_t started_ns;
    int nowhere; /* /dev/null */
};

/* CRC-32 as in zlib, of data that follows what `sum` is already the sum of. */
static uint32_t crc32(uint32_t sum, const void *data, size_t length) {
    const unsigned char *byte = data;
    sum = ~sum;
    while (length--) {
        sum ^= *byte++;
        for (int bit = 0; bit < 8; bit++)
            sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
    }
    return ~sum;
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint64_t wall_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* The log is not open yet, so this goes where the container's own stderr goes, if anywhere. */
static _Noreturn void refuse(const char *why) {
    dprintf(STDERR_FILENO, "gate: %s\n", why);
    _exit(NOT_TRIED);
}

static int open_file(const char *path, int flags) {
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        refuse(path);
    return fd;
}

/* All signals come through one descriptor, so that nothing ever happens between two lines. */
static int catch_signals(void) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    int fd = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        refuse("signalfd");
    return fd;
}

static bool ends_us(int number) {
    return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

/* True if a signal that asks us to end has arrived. For the time before the step runs. */
static bool told_to_end(int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == sizeof info)
        if (ends_us((int)info.ssi_signo))
            return true;
    return false;
}

/* ---- Waiting for the message ------------------------------------------------------------ */

/* Reads exactly `length` bytes; anything less, and the step does not run. */
static void read_whole(int fd, int signals, void *data, size_t length) {
    unsigned char *to = data;
    while (length > 0) {
        struct pollfd polled[2] = {{fd, POLLIN, 0}, {signals, POLLIN, 0}};
        poll(polled, 2, -1);
        if (polled[1].revents && told_to_end(signals))
            _exit(128 + SIGTERM);
        if (!polled[0].revents)
            continue;
        ssize_t got = read(fd, to, length);
        if (got == 0)
            refuse("the message is cut");
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            refuse("the message cannot be read");
        if (got > 0) {
            to += got;
            length -= (size_t)got;
        }
    }
}

/* Every entry is NAME=value and ends with a NUL. */
static char **split_entries(char *text, size_t length) {
    if (length > 0 && text[length - 1] != '\0')
        refuse("the message holds a list that is cut");
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\0';
    char **list = calloc(count + 1, sizeof *list);
    if (!list)
        refuse("out of memory");
    char *entry = text;
    for (size_t i = 0; i < count; i++) {
        if (*entry == '=' || !strchr(entry, '='))
            refuse("the message holds something that is no variable");
        list[i] = entry;
        entry += strlen(entry) + 1;
    }
    return list;
}

static char *read_block(int fd, int signals, size_t length) {
    char *block = malloc(length + 1);
    if (!block)
        refuse("out of memory");
    read_whole(fd, signals, block, length);
    return block;
}

/* Through a FIFO; where there is none (-1), the worker is attached to our standard streams. */
static int open_gate(void) {
    int fd = open(COMPOSER_DIR "/gate", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        refuse("gate");
    return fd;
}

static void await_order(int gate, int signals, struct order *order, char ***plan, char ***environment) {
    int fd = gate < 0 ? STDIN_FILENO : gate;
    read_whole(fd, signals, order, sizeof *order);
    if (memcmp(order->magic, ORDER_MAGIC, sizeof ORDER_MAGIC) != 0)
        refuse("the message is not one of ours");
    if (order->plan_length > MAX_PLAN)
        refuse("the plan is too large");
    if (order->environment_length > MAX_ENVIRONMENT)
        refuse("the environment is too large");
    char *first = read_block(fd, signals, order->plan_length);
    char *second = read_block(fd, signals, order->environment_length);
    uint32_t sum, expected = crc32(crc32(0, order, sizeof *order), first, order->plan_length);
    read_whole(fd, signals, &sum, sizeof sum);
    if (sum != crc32(expected, second, order->environment_length))
        refuse("the message is damaged");
    *plan = split_entries(first, order->plan_length);
    *environment = split_entries(second, order->environment_length);
    if (gate >= 0)
        close(gate); /* a second message finds nobody */
}

static const char *find_variable(char **entries, const char *name) {
    size_t length = strlen(name);
    for (; *entries; entries++)
        if (strncmp(*entries, name, length) == 0 && (*entries)[length] == '=')
            return *entries + length + 1;
    return NULL;
}

/* ---- Opening what the plan names -------------------------------------------------------- */

/* A file of the attempt by its name; "-" is what the container engine itself gave us. */
static int open_named(const char *name, int flags, int given) {
    if (strcmp(name, "-") == 0)
        return fcntl(given, F_DUPFD_CLOEXEC, 3);
    char path[128];
    if (strchr(name, '/') || snprintf(path, sizeof path, COMPOSER_DIR "/%s", name) >= (int)sizeof path)
        refuse("the plan names a file that cannot be");
    return open(path, flags | O_CLOEXEC);
}

static bool is_pipe(int fd) {
    struct stat about;
    return fstat(fd, &about) == 0 && S_ISFIFO(about.st_mode);
}

/* All inputs are opened before any output, and without waiting: their writers wait for that. */
static void open_inputs(struct feed *feed, char **plan) {
    for (; *plan; plan++) {
        if (strncmp(*plan, "in=", 3) != 0)
            continue;
        int fd = feed->count < MAX_INPUTS ? open_named(*plan + 3, O_RDONLY | O_NONBLOCK, STDIN_FILENO) : -1;
        if (fd < 0)
            refuse(*plan);
        feed->inputs[feed->count++] = fd;
    }
    feed->into = -1;
}

/* A reader begins when something arrives, or when it is sure that nothing will. */
static void await_first_input(const struct feed *feed, int signals) {
    if (feed->count == 0 || !is_pipe(feed->inputs[0]))
        return;
    struct pollfd polled[2] = {{feed->inputs[0], POLLIN, 0}, {signals, POLLIN, 0}};
    do {
        poll(polled, 2, -1);
        if (polled[1].revents && told_to_end(signals))
            _exit(128 + SIGTERM);
    } while (!polled[0].revents);
}

/* A FIFO can be opened for writing only once somebody reads it. */
static int open_target(const char *name, int signals) {
    int fd;
    while ((fd = open_named(name, O_WRONLY | O_NONBLOCK, STDOUT_FILENO)) < 0 && errno == ENXIO) {
        struct pollfd polled = {signals, POLLIN, 0};
        if (poll(&polled, 1, 5) > 0 && told_to_end(signals))
            _exit(128 + SIGTERM);
    }
    if (fd < 0)
        refuse(name);
    return fd;
}

static struct channel *channel_of(struct step *step, unsigned number) {
    if (number >= MAX_CHANNELS)
        refuse("the plan has too many outputs");
    while (step->channel_count <= number) {
        size_t place = step->channel_count++;
        step->channels[place].from = -1;
        step->channels[place].moved = place ? &step->meter.port_bytes[place - 1] : &step->meter.bytes_out;
    }
    return &step->channels[number];
}

/* "out=<channel> <bytes, or 0 for all> <file>" */
static void open_targets(struct step *step, char **plan, int signals) {
    unsigned bit = 0;
    for (; *plan; plan++) {
        if (strncmp(*plan, "out=", 4) != 0)
            continue;
        unsigned number;
        unsigned long long most;
        char name[64];
        if (sscanf(*plan + 4, "%u %llu %63s", &number, &most, name) != 3)
            refuse(*plan);
        struct channel *channel = channel_of(step, number);
        if (channel->count == MAX_TARGETS)
            refuse("the plan has too many targets");
        struct target *target = &channel->targets[channel->count++];
        target->fd = open_target(name, signals);
        target->queue[0] = target->queue[1] = -1;
        target->is_fifo = is_pipe(target->fd);
        if (target->is_fifo)
            fcntl(target->fd, F_SETPIPE_SZ, CHUNK); /* EPERM once a user has many: then it is smaller */
        target->is_sample = most > 0;
        target->left = most ? most : UINT64_MAX;
        target->bit = bit++;
    }
    if (step->channel_count == 0 || step->channels[0].count == 0)
        refuse("the plan has nowhere for the data to go");
}

/* "port=<channel> <path>": a FIFO that the program knows as a file. We hold its other end too, so
 * that it may be opened and closed as often as the program likes. */
static void open_ports(struct step *step, char **plan) {
    for (; *plan; plan++) {
        if (strncmp(*plan, "port=", 5) != 0)
            continue;
        unsigned number;
        int at = 0;
        if (sscanf(*plan + 5, "%u %n", &number, &at) != 1 || at == 0 || number == 0)
            refuse(*plan);
        struct channel *channel = channel_of(step, number);
        channel->from = open_file(*plan + 5 + at, O_RDWR | O_NONBLOCK);
        if (!is_pipe(channel->from))
            refuse("an output is no pipe");
        fcntl(channel->from, F_SETPIPE_SZ, CHUNK);
    }
}

/* ---- Starting the program --------------------------------------------------------------- */

/* Like execvpe, but over the PATH of the new environment, and without a shell behind our back. */
static int execute(char **arguments, char **environment) {
    const char *program = arguments[0], *path = find_variable(environment, "PATH");
    if (strchr(program, '/') || !path) {
        execve(program, arguments, environment);
        return errno;
    }
    int worst = ENOENT;
    while (true) {
        size_t length = strcspn(path, ":");
        char *candidate;
        /* An empty entry means the working directory, as in every shell. */
        if (asprintf(&candidate, "%.*s%s%s", (int)length, path, length ? "/" : "", program) < 0)
            return ENOMEM;
        execve(candidate, arguments, environment);
        free(candidate);
        if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
            return errno;
        if (errno == EACCES) /* found, but not ours to run: worth saying if nothing better comes */
            worst = EACCES;
        if (path[length] == '\0')
            return worst;
        path += length + 1;
    }
}

static void make_first_victim(void) {
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t ignored = write(fd, "1000", 4);
        (void)ignored; /* without it the gate may be the one killed, which is told as such */
        close(fd);
    }
}

/* What we were started with is not the step's business. By system call, because the C library
 * keeps two signals for itself and would leave those as they are. Zero is SIG_DFL, no flags. */
static void reset_signals(void) {
    static const char nothing[64];
    for (int number = 1; number <= LAST_SIGNAL; number++)
        (void)syscall(SYS_rt_sigaction, number, nothing, NULL, LAST_SIGNAL / 8);
}

static _Noreturn void become_step(int in, int out, int err, int report, char **arguments, char **environment) {
    setsid(); /* its group gets the signals that we forward */
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    make_first_victim();
    reset_signals();
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int failure = execute(arguments, environment);
    ssize_t ignored = write(report, &failure, sizeof failure);
    (void)ignored;
    _exit(NOT_FOUND);
}

static void make_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0)
        refuse("pipe");
}

static void do_not_wait(int fd) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void may_wait(int fd) {
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
}

/* The step reads a single input itself; several are fed to it one after the other. */
static int stdin_of(struct feed *feed) {
    if (feed->count == 0)
        return open_file("/dev/null", O_RDONLY);
    if (feed->count == 1) {
        may_wait(feed->inputs[0]);
        return feed->inputs[0];
    }
    int ends[2];
    make_pipe(ends);
    fcntl(ends[1], F_SETPIPE_SZ, CHUNK);
    do_not_wait(ends[1]);
    feed->into = ends[1];
    return ends[0];
}

/* Where several targets are served at different speeds, each slow one gets a pipe of its own. They
 * are as large as the pipe that they are filled from, so what is in that one always fits. */
static void make_queues(struct channel *channel) {
    if (channel->from < 0 || channel->count < 2)
        return;
    int size = fcntl(channel->from, F_GETPIPE_SZ);
    for (size_t i = 0; i < channel->count; i++) {
        struct target *target = &channel->targets[i];
        if (!target->is_fifo)
            continue;
        make_pipe(target->queue);
        int got = fcntl(target->queue[1], F_SETPIPE_SZ, size);
        if (got < 0)
            got = fcntl(target->queue[1], F_GETPIPE_SZ);
        if (got < size && fcntl(channel->from, F_SETPIPE_SZ, got) >= 0)
            size = got;
    }
}

/* What the program gives as its data goes to channel 0, or to the pump before that; the rest is log. */
static void take_output(struct step *step, const struct plan *plan, int out, int err) {
    bool is_stderr = plan->take && strcmp(plan->take, "stderr") == 0;
    bool is_file = plan->take && *plan->take == '/';
    int data = is_stderr ? err : out;
    struct channel *channel = channel_of(step, 0);
    step->log_pipes[0] = is_stderr ? out : err;
    step->log_pipes[1] = is_file ? out : -1;
    step->pump.from = step->pump.into = -1;
    if (!is_file && !plan->begin) {
        channel->from = data;
        return;
    }
    static struct filter filter;
    static char buffer[CHUNK / 16 + MAX_DELIMITER + 1];
    int ends[2];
    make_pipe(ends);
    do_not_wait(ends[1]);
    filter.begin = plan->begin;
    filter.end = plan->end;
    step->pump = (struct pump){
        .from = is_file ? -1 : data,
        .into = ends[1],
        .is_file = is_file,
        .path = plan->take,
        .buffer = buffer,
        .filter = plan->begin ? &filter : NULL,
    };
    channel->from = ends[0];
    channel->ends_itself = true;
}

static void start(struct step *step, const struct plan *plan, char **arguments, char **environment) {
    int out[2], err[2], report[2];
    make_pipe(out);
    make_pipe(err);
    make_pipe(report);
    fcntl(out[0], F_SETPIPE_SZ, CHUNK); /* EPERM once a user has many pipes: then it is smaller */
    take_output(step, plan, out[0], err[0]);
    for (size_t i = 0; i < step->channel_count; i++)
        make_queues(&step->channels[i]);
    step->pid = fork();
    if (step->pid < 0)
        refuse("fork");
    if (step->pid == 0)
        become_step(step->in, out[1], err[1], report[1], arguments, environment);
    close(out[1]);
    close(err[1]);
    close(report[1]);
    if (read(report[0], &step->exec_errno, sizeof step->exec_errno) != sizeof step->exec_errno)
        step->exec_errno = 0; /* the descriptor closed by itself: the program runs */
    close(report[0]);
    struct stat about;
    if (fstat(step->in, &about) < 0 || !S_ISREG(about.st_mode)) {
        close(step->in); /* only the step may be this pipe's reader */
        step->in = -1;
    }
    do_not_wait(out[0]);
    do_not_wait(err[0]);
}

/* ---- While it runs ---------------------------------------------------------------------- */

static void signal_step(const struct step *step, int number) {
    kill(-step->pid, number);
}

static void kill_within(struct step *step, int64_t grace_ms) {
    int64_t at = now_ms() + grace_ms;
    if (at < step->kill_at)
        step->kill_at = at;
}

static void stop(struct step *step, uint32_t why) {
    step->flags |= why;
    signal_step(step, SIGKILL);
}

static uint64_t waiting_in(int fd) {
    int count = 0;
    return fd >= 0 && ioctl(fd, FIONREAD, &count) == 0 && count > 0 ? (uint64_t)count : 0;
}

static void close_end(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void drop_target(struct target *target) {
    close_end(&target->fd);
    close_end(&target->queue[0]);
    close_end(&target->queue[1]);
    target->queued = 0;
    target->is_full = false;
}

static bool is_wanted(const struct step *step) {
    for (size_t i = 0; i < step->channel_count; i++)
        for (size_t j = 0; j < step->channels[i].count; j++)
            if (step->channels[i].targets[j].fd >= 0 && !step->channels[i].targets[j].is_sample)
                return true;
    return false;
}

/* A reader has gone. Once nobody is left that wants anything, the program learns it the usual way,
 * and is stopped if it takes no notice. */
static void lose_reader(struct step *step, struct target *target) {
    drop_target(target);
    if (is_wanted(step))
        return;
    step->flags |= BROKEN_PIPE;
    for (size_t i = 0; i < step->channel_count; i++)
        close_end(&step->channels[i].from);
    close_end(&step->pump.from);
    if (!step->exited)
        kill_within(step, BROKEN_PIPE_GRACE_MS);
}

/* What it wrote cannot be kept: ENOSPC, EDQUOT, EIO… Nobody is given more of it, or waited for. */
static void lose_data(struct step *step, struct channel *channel) {
    stop(step, DISK_FULL);
    close_end(&channel->from);
    for (size_t i = 0; i < channel->count; i++)
        drop_target(&channel->targets[i]);
}

static ssize_t move(int from, int to, size_t length) {
    return splice(from, NULL, to, NULL, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
}

/* Empties a target's own pipe as far as the target takes it. */
static void serve(struct step *step, struct target *target) {
    while (target->fd >= 0 && target->queued > 0) {
        ssize_t moved = move(target->queue[0], target->fd, target->queued);
        if (moved > 0) {
            target->queued -= (size_t)moved;
        } else if (moved < 0 && errno == EAGAIN) {
            target->is_full = true;
            return;
        } else if (moved < 0 && errno != EINTR) {
            lose_reader(step, target);
        }
    }
}

static bool is_served(const struct channel *channel) {
    for (size_t i = 0; i < channel->count; i++)
        if (channel->targets[i].fd >= 0 && (channel->targets[i].queued > 0 || channel->targets[i].is_full))
            return false;
    return true;
}

static struct target *only_target(struct channel *channel) {
    struct target *only = NULL;
    for (size_t i = 0; i < channel->count; i++) {
        if (channel->targets[i].fd < 0)
            continue;
        if (only)
            return NULL;
        only = &channel->targets[i];
    }
    return only;
}

static void note_moved(struct step *step, struct channel *channel, size_t length) {
    *channel->moved += length;
    if (step->exited && !channel->ends_itself)
        channel->left -= length;
}

/* One target: the bytes go there directly, within the kernel. */
static void move_directly(struct step *step, struct channel *channel, struct target *target, size_t length) {
    ssize_t moved = move(channel->from, target->fd, length);
    if (moved > 0) {
        note_moved(step, channel, (size_t)moved);
    } else if (moved == 0) {
        close_end(&channel->from);
    } else if (errno == EAGAIN) {
        target->is_full = target->is_fifo && waiting_in(channel->from) > 0;
    } else if (errno == EPIPE) {
        lose_reader(step, target);
    } else if (errno != EINTR) {
        lose_data(step, channel);
    }
}

/* Gives every slow target's own pipe the same bytes, without taking them out: tee(2). Returns how
 * many; 0 where there are none now. */
static size_t copy_to_queues(struct step *step, struct channel *channel, size_t length) {
    size_t copied = 0;
    for (size_t i = 0; i < channel->count; i++) {
        struct target *target = &channel->targets[i];
        if (target->fd < 0 || !target->is_fifo)
            continue;
        ssize_t got = tee(channel->from, target->queue[1], copied ? copied : length, SPLICE_F_NONBLOCK);
        if (got == 0)
            close_end(&channel->from);
        if (got <= 0)
            return 0;
        if (copied && (size_t)got != copied) { /* cannot be: they are empty and as large */
            lose_data(step, channel);
            return 0;
        }
        copied = (size_t)got;
        target->queued = copied;
    }
    return copied;
}

/* Takes so many bytes out, into the file that keeps them, or a sample, or nowhere. False: it failed. */
static bool take_out(struct step *step, struct channel *channel, size_t length) {
    struct target *file = NULL;
    for (size_t i = 0; i < channel->count; i++)
        if (channel->targets[i].fd >= 0 && !channel->targets[i].is_fifo)
            file = &channel->targets[i];
    while (length > 0) {
        size_t part = file && file->left < length ? (size_t)file->left : length;
        ssize_t moved = move(channel->from, file ? file->fd : step->nowhere, part);
        if (moved > 0) {
            note_moved(step, channel, (size_t)moved);
            length -= (size_t)moved;
        }
        if (file && moved > 0 && file->left != UINT64_MAX)
            file->left -= (uint64_t)moved;
        bool failed = moved == 0 || (moved < 0 && errno != EINTR && errno != EAGAIN);
        if (failed && (!file || !file->is_sample)) {
            lose_data(step, channel);
            return false;
        }
        if (failed || (file && file->left == 0)) { /* a sample is full, or cannot be taken */
            drop_target(file);
            file = NULL;
        }
    }
    return true;
}

/* Moves what has come out of the step on to all that want it. */
static void move_output(struct step *step, struct channel *channel) {
    uint64_t total = step->meter.bytes_out;
    for (size_t i = 0; i < MAX_CHANNELS - 1; i++)
        total += step->meter.port_bytes[i];
    uint64_t room = step->output_limit - total;
    size_t length = room < CHUNK ? (size_t)room : CHUNK;
    if (step->exited && channel->left < length)
        length = (size_t)channel->left;
    if (room == 0) {
        if (waiting_in(channel->from) > 0) /* there is more, and it may not be written */
            stop(step, OUTPUT_LIMIT);
        close_end(&channel->from);
        return;
    }
    struct target *only = only_target(channel);
    if (only && !only->is_sample) {
        move_directly(step, channel, only, length);
        return;
    }
    bool is_shared = false;
    for (size_t i = 0; i < channel->count; i++)
        is_shared |= channel->targets[i].fd >= 0 && channel->targets[i].is_fifo;
    size_t taken = is_shared ? copy_to_queues(step, channel, length) : waiting_in(channel->from);
    if (taken == 0 && !is_shared)
        close_end(&channel->from); /* it hung up */
    if (taken > length)
        taken = length;
    if (taken > 0 && take_out(step, channel, taken))
        for (size_t i = 0; i < channel->count; i++)
            serve(step, &channel->targets[i]);
}

static bool write_log(struct step *step, const char *data, size_t length) {
    while (length > 0) {
        ssize_t done = write(step->log, data, length);
        if (done < 0 && errno != EINTR) {
            stop(step, DISK_FULL);
            return false;
        }
        if (done > 0) {
            data += done;
            length -= (size_t)done;
        }
    }
    return true;
}

/* Beyond its limit the log is forgotten; its program is not held up. */
static void add_to_log(struct step *step, const char *data, size_t length) {
    static const char CUT[] = "\n[The log is longer than this; the rest was not kept.]\n";
    uint64_t kept = step->meter.log_bytes < step->log_limit ? step->log_limit - step->meter.log_bytes : 0;
    size_t keep = kept < length ? (size_t)kept : length;
    step->meter.log_bytes += length;
    if (write_log(step, data, keep) && keep < length && !(step->flags & LOG_CUT)) {
        step->flags |= LOG_CUT;
        write_log(step, CUT, sizeof CUT - 1);
    }
}

static void move_log(struct step *step, size_t which) {
    static char buffer[65536];
    size_t length = sizeof buffer;
    if (step->exited && step->log_lefts[which] < length)
        length = (size_t)step->log_lefts[which];
    ssize_t got = read(step->log_pipes[which], buffer, length);
    if (got == 0)
        close_end(&step->log_pipes[which]);
    if (got <= 0)
        return;
    if (step->exited)
        step->log_lefts[which] -= (uint64_t)got;
    add_to_log(step, buffer, (size_t)got);
}

/* ---- Output that is not taken as it comes ----------------------------------------------- */

static bool is_delimiter(const struct filter *filter) {
    const char *wanted = filter->inside ? filter->end : filter->begin;
    return strlen(wanted) == filter->held && memcmp(wanted, filter->line, filter->held) == 0;
}

static void emit(struct pump *pump, const char *data, size_t length) {
    if (pump->filter->inside) {
        memcpy(pump->buffer + pump->length, data, length);
        pump->length += length;
    }
}

/* A line is held back only as long as it may still be the delimiter. */
static void filter_byte(struct pump *pump, char byte) {
    struct filter *filter = pump->filter;
    if (filter->past_start) {
        emit(pump, &byte, 1);
        filter->past_start = byte != '\n';
    } else if (byte != '\n') {
        filter->line[filter->held++] = byte;
        size_t longest = strlen(filter->inside ? filter->end : filter->begin);
        if (filter->held > longest || filter->held == MAX_DELIMITER) {
            emit(pump, filter->line, filter->held);
            filter->held = 0;
            filter->past_start = true;
        }
    } else if (is_delimiter(filter)) {
        filter->inside = !filter->inside;
        filter->held = 0;
    } else {
        emit(pump, filter->line, filter->held);
        emit(pump, &byte, 1);
        filter->held = 0;
    }
}

static void take_in(struct step *step, const char *data, size_t length) {
    struct pump *pump = &step->pump;
    pump->start = pump->length = 0;
    if (!pump->filter) {
        memcpy(pump->buffer, data, length);
        pump->length = length;
        return;
    }
    for (size_t i = 0; i < length; i++)
        filter_byte(pump, data[i]);
}

/* The last line may have no end, and be the delimiter all the same. */
static void finish_filter(struct pump *pump) {
    pump->start = pump->length = 0;
    if (pump->filter && pump->filter->held > 0 && !is_delimiter(pump->filter))
        emit(pump, pump->filter->line, pump->filter->held);
    if (pump->filter)
        pump->filter->held = 0;
}

static void write_pumped(struct pump *pump) {
    while (pump->start < pump->length) {
        ssize_t done = write(pump->into, pump->buffer + pump->start, pump->length - pump->start);
        if (done < 0 && errno == EPIPE)
            pump->start = pump->length; /* nobody wants it any more */
        else if (done < 0 && errno != EINTR)
            return;
        else if (done > 0)
            pump->start += (size_t)done;
    }
}

/* Reads a little of what the program wrote and passes on what is wanted. The log keeps everything. */
static void run_pump(struct step *step) {
    struct pump *pump = &step->pump;
    static char data[CHUNK / 16];
    write_pumped(pump);
    if (pump->into < 0 || pump->start < pump->length || (pump->is_file && !step->exited))
        return;
    size_t length = sizeof data;
    if (step->exited && !pump->is_file && pump->left < length)
        length = (size_t)pump->left;
    ssize_t got = pump->from >= 0 && length > 0 ? read(pump->from, data, length) : 0;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got > 0) {
        if (step->exited && !pump->is_file)
            pump->left -= (uint64_t)got;
        if (!pump->is_file)
            add_to_log(step, data, (size_t)got);
        take_in(step, data, (size_t)got);
        write_pumped(pump);
        return;
    }
    if (pump->from >= 0 || pump->length > 0 || (pump->filter && pump->filter->held > 0)) {
        close_end(&pump->from);
        finish_filter(pump);
        pump->length == 0 ? close_end(&pump->into) : write_pumped(pump);
    } else {
        close_end(&pump->into);
    }
}

/* ---- Several inputs --------------------------------------------------------------------- */

/* Moves the current input on; at its end the next one's turn comes. */
static void feed_step(struct step *step) {
    struct feed *feed = &step->feed;
    while (feed->into >= 0) {
        if (feed->current == feed->count) {
            close_end(&feed->into);
            return;
        }
        ssize_t moved = move(feed->inputs[feed->current], feed->into, CHUNK);
        if (moved > 0) {
            step->meter.bytes_in += (uint64_t)moved;
        } else if (moved == 0) {
            close_end(&feed->inputs[feed->current++]);
            if (feed->current < feed->count && is_pipe(feed->inputs[feed->current]))
                return; /* its writer may not have come: poll tells, and a read would not */
        } else if (errno == EAGAIN) {
            feed->is_full = !is_pipe(feed->inputs[feed->current]) || waiting_in(feed->inputs[feed->current]) > 0;
            return;
        } else if (errno != EINTR) {
            while (feed->current < feed->count) /* the step reads no more: its writers learn it */
                close_end(&feed->inputs[feed->current++]);
        }
    }
}

/* ---- Its end ---------------------------------------------------------------------------- */

static void open_pumped_file(struct step *step) {
    /* In the program's own file system; where it wrote no such file its output is empty. */
    int fd = open(step->pump.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat about;
    if (fd >= 0 && (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)))
        close_end(&fd);
    step->pump.from = fd;
}

/* The program has ended. A child that it left behind may hold its pipes: nobody waits for that. */
static void note_exit(struct step *step, int status) {
    step->exited = true;
    step->status = status;
    for (size_t i = 0; i < step->channel_count; i++) {
        struct channel *channel = &step->channels[i];
        channel->left = channel->ends_itself ? UINT64_MAX : waiting_in(channel->from);
    }
    for (size_t i = 0; i < 2; i++)
        step->log_lefts[i] = waiting_in(step->log_pipes[i]);
    step->pump.left = waiting_in(step->pump.from);
    if (step->pump.is_file && step->pump.into >= 0)
        open_pumped_file(step);
    close_end(&step->feed.into);
    for (size_t i = step->feed.current; i < step->feed.count && step->feed.count > 1; i++)
        close_end(&step->feed.inputs[i]); /* whoever writes there learns that nobody reads */
}

static void reap(struct step *step) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
        if (pid == step->pid)
            note_exit(step, status);
}

static void heed_signals(struct step *step, int signals) {
    struct signalfd_siginfo info;
    while (read(signals, &info, sizeof info) == sizeof info) {
        int number = (int)info.ssi_signo;
        if (number == SIGCHLD)
            reap(step);
        else if (!step->exited && number != SIGPIPE) {
            if (ends_us(number))
                step->flags |= TOLD;
            signal_step(step, number);
        }
    }
}

static void write_meter(struct step *step, int fd) {
    if (step->in >= 0) {
        off_t offset = lseek(step->in, 0, SEEK_CUR); /* shared with the program */
        step->meter.bytes_in = offset > 0 ? (uint64_t)offset : 0;
    }
    step->meter.full = 0;
    for (size_t i = 0; i < step->channel_count; i++)
        for (size_t j = 0; j < step->channels[i].count; j++)
            if (step->channels[i].targets[j].is_full && step->channels[i].targets[j].bit < 64)
                step->meter.full |= 1ull << step->channels[i].targets[j].bit;
    if (memcmp(&step->meter, &step->written_meter, sizeof step->meter) != 0) {
        step->written_meter = step->meter;
        ssize_t ignored = pwrite(fd, &step->meter, sizeof step->meter, 0);
        (void)ignored; /* the file has its full size, so there is room; the next one is soon */
    }
    step->meter_due = now_ms() + METER_MS;
}

/* Nobody takes what it wrote, so that is given up; a flag tells why. */
static void give_up_the_rest(struct step *step) {
    for (size_t i = 0; i < step->channel_count; i++) {
        close_end(&step->channels[i].from);
        for (size_t j = 0; j < step->channels[i].count; j++)
            drop_target(&step->channels[i].targets[j]);
    }
    close_end(&step->pump.into);
    step->log_lefts[0] = step->log_lefts[1] = 0;
}

static void keep_time(struct step *step, int meter) {
    int64_t now = now_ms();
    if (now >= step->meter_due)
        write_meter(step, meter);
    if (now >= step->time_up) {
        step->time_up = INT64_MAX;
        step->flags |= TIME_LIMIT;
        signal_step(step, SIGTERM);
        kill_within(step, TERM_GRACE_MS);
    }
    if (now >= step->kill_at) {
        step->kill_at = now + TERM_GRACE_MS;
        if ((step->flags & BROKEN_PIPE) && !(step->flags & TIME_LIMIT) && !step->exited)
            step->flags |= UNREAD;
        signal_step(step, SIGKILL);
        if (step->exited)
            give_up_the_rest(step);
    }
}

static int next_timeout(const struct step *step) {
    int64_t next = step->meter_due;
    if (step->time_up < next)
        next = step->time_up;
    if (step->kill_at < next)
        next = step->kill_at;
    int64_t left = next - now_ms();
    return left > 0 ? (int)left : 0;
}

static bool may_take(const struct step *step, const struct channel *channel) {
    return channel->from >= 0 && is_served(channel) && !(step->exited && channel->left == 0);
}

static bool may_log(const struct step *step, size_t which) {
    return step->log_pipes[which] >= 0 && !(step->exited && step->log_lefts[which] == 0);
}

static bool is_over(const struct step *step) {
    if (!step->exited || step->pump.into >= 0 || may_log(step, 0) || may_log(step, 1))
        return false;
    for (size_t i = 0; i < step->channel_count; i++) {
        const struct channel *channel = &step->channels[i];
        if (!is_served(channel) || (channel->from >= 0 && channel->left > 0))
            return false;
    }
    return true;
}

/* What is waited for, and what for. */
struct wait {
    struct pollfd polled[8 + MAX_CHANNELS * (1 + MAX_TARGETS)];
    struct channel *channels[8 + MAX_CHANNELS * (1 + MAX_TARGETS)];
    struct target *targets[8 + MAX_CHANNELS * (1 + MAX_TARGETS)];
    nfds_t count;
};

static void await(struct wait *wait, int fd, short events, struct channel *channel, struct target *target) {
    wait->polled[wait->count] = (struct pollfd){fd, events, 0};
    wait->channels[wait->count] = channel;
    wait->targets[wait->count++] = target;
}

static void await_channel(struct wait *wait, const struct step *step, struct channel *channel) {
    if (may_take(step, channel))
        await(wait, channel->from, POLLIN, channel, NULL);
    for (size_t i = 0; i < channel->count; i++) {
        struct target *target = &channel->targets[i];
        /* A FIFO tells that its reader has gone even while nothing is asked of it. */
        if (target->fd >= 0 && target->is_fifo)
            await(wait, target->fd, target->is_full ? POLLOUT : 0, NULL, target);
    }
}

static void await_pump_and_feed(struct wait *wait, const struct step *step) {
    const struct pump *pump = &step->pump;
    const struct feed *feed = &step->feed;
    if (pump->into >= 0 && pump->start < pump->length)
        await(wait, pump->into, POLLOUT, NULL, NULL);
    else if (pump->into >= 0 && pump->from >= 0 && !pump->is_file)
        await(wait, pump->from, POLLIN, NULL, NULL);
    if (feed->into < 0)
        return;
    bool waits_for_writer = !feed->is_full && feed->current < feed->count;
    await(wait, feed->into, waits_for_writer ? 0 : POLLOUT, NULL, NULL);
    if (waits_for_writer)
        await(wait, feed->inputs[feed->current], POLLIN, NULL, NULL);
}

static void heed(struct step *step, const struct wait *wait, nfds_t place) {
    struct channel *channel = wait->channels[place];
    struct target *target = wait->targets[place];
    short happened = wait->polled[place].revents;
    if (!happened)
        return;
    if (target && target->fd >= 0 && (happened & POLLERR)) {
        lose_reader(step, target);
    } else if (target) {
        target->is_full = false;
        serve(step, target);
    } else if (channel && may_take(step, channel)) {
        move_output(step, channel);
    }
}

/* Feeding waits until poll has told that somebody writes, or that there is room. */
static void heed_feed(struct step *step, const struct wait *wait) {
    struct feed *feed = &step->feed;
    for (nfds_t i = 0; i < wait->count; i++) {
        int fd = wait->polled[i].fd;
        bool ours = fd == feed->into || (feed->current < feed->count && fd == feed->inputs[feed->current]);
        if (feed->into < 0 || !ours || !wait->polled[i].revents)
            continue;
        feed->is_full = false;
        feed_step(step);
        return;
    }
}

static void look_after(struct step *step, int signals, int meter) {
    static struct wait wait;
    while (!is_over(step)) {
        wait.count = 0;
        await(&wait, signals, POLLIN, NULL, NULL);
        for (size_t i = 0; i < 2; i++)
            await(&wait, may_log(step, i) ? step->log_pipes[i] : -1, POLLIN, NULL, NULL);
        for (size_t i = 0; i < step->channel_count; i++)
            await_channel(&wait, step, &step->channels[i]);
        await_pump_and_feed(&wait, step);
        bool pump_goes_on = step->pump.into >= 0 && step->exited && step->pump.start == step->pump.length;
        poll(wait.polled, wait.count, pump_goes_on ? 0 : next_timeout(step));
        heed_feed(step, &wait);
        for (nfds_t i = 3; i < wait.count; i++)
            heed(step, &wait, i);
        for (size_t i = 0; i < 2; i++)
            if (wait.polled[1 + i].revents)
                move_log(step, i);
        if (step->pump.into >= 0)
            run_pump(step);
        if (wait.polled[0].revents)
            heed_signals(step, signals);
        keep_time(step, meter);
    }
}

/* ---- Telling how it ended --------------------------------------------------------------- */

/* How many processes of this container the kernel has killed for memory; cgroup v2, then v1. */
static unsigned long oom_kills(void) {
    static const char *const FILES[] = {
        "/sys/fs/cgroup/memory.events",
        "/sys/fs/cgroup/memory/memory.oom_control",
    };
    unsigned long count = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        FILE *file = fopen(FILES[i], "re");
        if (!file)
            continue;
        char line[128];
        while (fgets(line, sizeof line, file))
            sscanf(line, "oom_kill %lu", &count);
        fclose(file);
        break;
    }
    return count;
}

static int exit_code(const struct step *step) {
    if (step->exec_errno)
        return step->exec_errno == ENOENT || step->exec_errno == ENOTDIR ? NOT_FOUND : CANNOT_EXECUTE;
    if (WIFSIGNALED(step->status))
        return 128 + WTERMSIG(step->status);
    return WEXITSTATUS(step->status);
}

static void write_ended(const struct step *step, int fd) {
    bool by_signal = !step->exec_errno && WIFSIGNALED(step->status);
    struct ended ended;
    memset(&ended, 0, sizeof ended);
    memcpy(ended.magic, ENDED_MAGIC, sizeof ENDED_MAGIC);
    ended.code = by_signal ? -1 : exit_code(step);
    ended.signal = by_signal ? WTERMSIG(step->status) : 0;
    ended.exec_errno = step->exec_errno;
    ended.flags = step->flags;
    ended.meter = step->meter;
    ended.started_ns = step->started_ns;
    ended.ended_ns = wall_ns();
    ended.sum = crc32(0, &ended, offsetof(struct ended, sum));
    ssize_t ignored = pwrite(fd, &ended, sizeof ended, 0);
    (void)ignored; /* what is not whole is never read as an end */
}

/* ---- A holder --------------------------------------------------------------------------- */

/* Holds the container's network namespace, and nothing else, until it is told to end. */
static int hold(int signals) {
    while (true) {
        struct pollfd polled = {signals, POLLIN, 0};
        poll(&polled, 1, -1);
        if (told_to_end(signals))
            return 0;
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
    }
}

/* What the step left behind: its group, and as a container's first process all others too. */
static void end_what_is_left(const struct step *step) {
    signal_step(step, SIGKILL);
    if (getpid() == 1)
        kill(-1, SIGKILL);
}

/* The engine is busy with a container that exits. The next step has the processor first. */
static void linger(void) {
    struct timespec left = {0, LINGER_MS * 1000000L};
    nanosleep(&left, NULL);
}

/* The time at which something happened; zero until then. */
static void write_mark(int fd, off_t offset, uint64_t at) {
    if (pwrite(fd, &at, sizeof at, offset) != sizeof at)
        refuse("started");
}

static void check_plan(const struct plan *plan) {
    if (plan->take && strcmp(plan->take, "stderr") != 0 && *plan->take != '/')
        refuse("the plan takes an output that is none");
    const char *delimiters[] = {plan->begin, plan->end};
    for (size_t i = 0; i < 2; i++)
        if (!plan->begin != !plan->end || (delimiters[i] && strlen(delimiters[i]) >= MAX_DELIMITER))
            refuse("the plan has a delimiter that cannot be one");
}

static bool is_holder(const char *name) {
    const char *slash = strrchr(name, '/');
    return strcmp(slash ? slash + 1 : name, "hold") == 0;
}

int main(int count, char **arguments) {
    int signals = catch_signals();
    if (count > 0 && is_holder(arguments[0]))
        return hold(signals);
    if (count < 2)
        refuse("there is nothing to run");

    /* For reading and writing, so it never blocks: when it closes, we are gone or as good as gone. */
    int alive = open_file(COMPOSER_DIR "/alive", O_RDWR);
    int started = open_file(COMPOSER_DIR "/started", O_WRONLY);
    int meter = open_file(COMPOSER_DIR "/meter", O_WRONLY);
    int ended = open_file(COMPOSER_DIR "/ended", O_WRONLY);
    int gate = open_gate();
    int log = gate < 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : open_file(COMPOSER_DIR "/log", O_WRONLY);

    struct order order;
    char **entries, **environment;
    await_order(gate, signals, &order, &entries, &environment);
    uint64_t opened_ns = wall_ns();
    write_mark(started, sizeof opened_ns, opened_ns);
    struct plan plan = {
        .take = find_variable(entries, "take"),
        .begin = find_variable(entries, "begin"),
        .end = find_variable(entries, "end"),
    };
    check_plan(&plan);

    static struct step step;
    step.log = log;
    step.nowhere = open_file("/dev/null", O_WRONLY);
    open_inputs(&step.feed, entries);
    open_targets(&step, entries, signals);
    open_ports(&step, entries);
    await_first_input(&step.feed, signals);
    step.in = stdin_of(&step.feed);
    step.output_limit = order.output_limit;
    step.log_limit = order.log_limit;
    step.time_up = order.run_ms && order.run_ms < INT32_MAX ? now_ms() + (int64_t)order.run_ms : INT64_MAX;
    step.kill_at = INT64_MAX;
    step.started_ns = wall_ns();
    unsigned long oom_kills_before = oom_kills();
    write_mark(started, 0, step.started_ns);
    start(&step, &plan, arguments + 1, environment);
    look_after(&step, signals, meter);
    write_meter(&step, meter);
    if (oom_kills() > oom_kills_before)
        step.flags |= OOM;
    end_what_is_left(&step);
    write_ended(&step, ended);
    close(alive);
    linger();
    return exit_code(&step);
}
