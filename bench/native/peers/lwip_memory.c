// Two programs on two of lwIP's stacks in one thread, over a cable of memory: what Pentad's are
// compared with. The stacks are Debian's, used by the raw API, the fastest that lwIP has; the
// source gives up its memory for no longer than the call (TCP_WRITE_FLAG_COPY), as with any send,
// while the sink reads in place. Each packet is copied once, as the wire.
//
// lwIP has one set of global variables, so each stack is a copy of the library of its own.
//
// usage: lwip_memory ping SECONDS WARMUP      round trips of 64 B a second
//        lwip_memory bulk SECONDS WARMUP      bytes a second, 64 KiB at a time
//        lwip_memory connect SECONDS WARMUP   connections a second, accepted and aborted

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <lwip/init.h>
#include <lwip/ip4.h>
#include <lwip/netif.h>
#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/peers/measure.h"

enum { message_size = 64, chunk_size = 65536, mtu = 1500, port = 7, cable_length = 256 };

#define FUNCTIONS(f)                                                                               \
  f(lwip_init) f(ip4_input) f(netif_add) f(netif_set_default) f(netif_set_up) f(netif_set_link_up) \
      f(pbuf_alloc) f(pbuf_free) f(pbuf_take) f(sys_check_timeouts) f(tcp_abort) f(tcp_accept)     \
          f(tcp_bind) f(tcp_close) f(tcp_connect) f(tcp_listen_with_backlog) f(tcp_new)            \
              f(tcp_output) f(tcp_recv) f(tcp_recved) f(tcp_sent) f(tcp_write)

struct stack {
#define DECLARE(name) __typeof__(&name) name;
  FUNCTIONS(DECLARE)
  struct netif card;
  struct stack* other;
  struct pbuf* arriving[cable_length];  // a ring
  unsigned first, end;
};

static struct stack client, server;
static char chunk[chunk_size];
static size_t count;                 // of what is measured
static struct tcp_pcb* established;  // at the client, to be aborted
static int is_accepted;              // and so at the server

// ---------------------------------------------------------------- a stack and its cable

static void* load_copy_of_lwip(void) {
  void* original = dlopen("liblwip.so.0", RTLD_LAZY | RTLD_LOCAL);
  check(original != NULL, "liblwip.so.0");
  struct link_map* map;
  check(dlinfo(original, RTLD_DI_LINKMAP, &map) == 0, "dlinfo");
  int file = open(map->l_name, O_RDONLY);
  int copy = memfd_create("lwip", MFD_CLOEXEC);
  struct stat about;
  check(file >= 0 && copy >= 0 && fstat(file, &about) == 0, map->l_name);
  check(sendfile(copy, file, NULL, (size_t)about.st_size) == about.st_size, "sendfile");
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", copy);
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
  check(library != NULL, path);
  return library;
}

static err_t transmit(struct netif* card, struct pbuf* packet, const ip4_addr_t* next_hop) {
  (void)next_hop;
  struct stack* to = ((struct stack*)card->state)->other;
  if (to->end - to->first == cable_length) return ERR_BUF;
  // Not PBUF_POOL: Debian's library writes 1,500 bytes into the 616 of such a buffer.
  struct pbuf* copy = to->pbuf_alloc(PBUF_RAW, packet->tot_len, PBUF_RAM);
  if (copy == NULL) return ERR_MEM;
  check(packet->len == packet->tot_len, "a packet in one piece");  // LWIP_NETIF_TX_SINGLE_PBUF
  to->pbuf_take(copy, packet->payload, packet->len);
  to->arriving[to->end++ % cable_length] = copy;
  return ERR_OK;
}

static err_t drop_ipv6(struct netif* card, struct pbuf* packet, const ip6_addr_t* next_hop) {
  (void)card, (void)packet, (void)next_hop;
  return ERR_OK;
}

static err_t initialise(struct netif* card) {
  card->name[0] = 'm';
  card->name[1] = 'e';
  card->mtu = mtu;
  card->output = transmit;
  card->output_ip6 = drop_ipv6;
  return ERR_OK;
}

static void set_up(struct stack* made, struct stack* other, u8_t number) {
  void* library = load_copy_of_lwip();
#define FIND(name)                              \
  *(void**)&made->name = dlsym(library, #name); \
  check(made->name != NULL, #name);
  FUNCTIONS(FIND)
  made->other = other;
  made->lwip_init();
  ip4_addr_t address, mask, router;
  IP4_ADDR(&address, 10, 0, 0, number);
  IP4_ADDR(&mask, 255, 255, 255, 0);
  ip4_addr_set_zero(&router);
  check(made->netif_add(&made->card, &address, &mask, &router, made, initialise, made->ip4_input) !=
            NULL,
        "netif_add");
  made->netif_set_default(&made->card);
  made->netif_set_up(&made->card);
  made->netif_set_link_up(&made->card);
}

static void receive_all(struct stack* at) {
  const unsigned end = at->end;
  while (at->first != end) {
    struct pbuf* packet = at->arriving[at->first++ % cable_length];
    if (at->card.input(packet, &at->card) != ERR_OK) at->pbuf_free(packet);
  }
}

// ---------------------------------------------------------------- programs

static void send_message(struct stack* from, struct tcp_pcb* to, const void* bytes, size_t size) {
  check(from->tcp_write(to, bytes, (u16_t)size, TCP_WRITE_FLAG_COPY) == ERR_OK, "tcp_write");
  check(from->tcp_output(to) == ERR_OK, "tcp_output");
}

static err_t echo(void* none, struct tcp_pcb* peer, struct pbuf* got, err_t error) {
  (void)none;
  check(error == ERR_OK && got != NULL && got->len == got->tot_len, "a message in one piece");
  server.tcp_recved(peer, got->tot_len);
  send_message(&server, peer, got->payload, got->len);
  server.pbuf_free(got);
  return ERR_OK;
}

static err_t answered(void* none, struct tcp_pcb* peer, struct pbuf* got, err_t error) {
  (void)none;
  check(error == ERR_OK && got != NULL && got->tot_len == message_size, "one answer");
  client.tcp_recved(peer, got->tot_len);
  client.pbuf_free(got);
  ++count;
  send_message(&client, peer, chunk, message_size);
  return ERR_OK;
}

static err_t source(void* none, struct tcp_pcb* peer, u16_t acknowledged) {
  (void)none, (void)acknowledged;
  for (;;) {
    const u16_t room = tcp_sndbuf(peer);
    if (room < TCP_MSS) return ERR_OK;
    const err_t error = server.tcp_write(peer, chunk, room, TCP_WRITE_FLAG_COPY);
    if (error == ERR_MEM) return server.tcp_output(peer);  // its queue is full: more later
    check(error == ERR_OK && server.tcp_output(peer) == ERR_OK, "send");
  }
}

static err_t sink(void* none, struct tcp_pcb* peer, struct pbuf* got, err_t error) {
  (void)none;
  check(error == ERR_OK && got != NULL, "receive");
  count += got->tot_len;
  client.tcp_recved(peer, got->tot_len);
  client.pbuf_free(got);
  return ERR_OK;
}

static err_t accepted_for_ping(void* none, struct tcp_pcb* peer, err_t error) {
  (void)none;
  check(error == ERR_OK, "accept");
  tcp_nagle_disable(peer);
  server.tcp_recv(peer, echo);
  return ERR_OK;
}

static err_t accepted_for_bulk(void* none, struct tcp_pcb* peer, err_t error) {
  check(error == ERR_OK, "accept");
  server.tcp_sent(peer, source);
  return source(none, peer, 0);
}

static err_t accepted_to_abort(void* none, struct tcp_pcb* peer, err_t error) {
  (void)none, (void)peer;
  check(error == ERR_OK, "accept");
  is_accepted = 1;
  return ERR_OK;
}

static err_t connected_for_ping(void* none, struct tcp_pcb* peer, err_t error) {
  (void)none;
  check(error == ERR_OK, "connect");
  tcp_nagle_disable(peer);
  client.tcp_recv(peer, answered);
  send_message(&client, peer, chunk, message_size);
  return ERR_OK;
}

static err_t connected_for_bulk(void* none, struct tcp_pcb* peer, err_t error) {
  (void)none;
  check(error == ERR_OK, "connect");
  client.tcp_recv(peer, sink);
  return ERR_OK;
}

static err_t connected_to_abort(void* none, struct tcp_pcb* peer, err_t error) {
  (void)none;
  check(error == ERR_OK, "connect");
  established = peer;
  return ERR_OK;
}

static const struct program {
  const char* name;
  tcp_accept_fn accepted;
  tcp_connected_fn connected;
} programs[] = {
    {"ping", accepted_for_ping, connected_for_ping},
    {"bulk", accepted_for_bulk, connected_for_bulk},
    {"connect", accepted_to_abort, connected_to_abort},
};

static const struct program* chosen;

static void connect_one(void) {
  struct tcp_pcb* peer = client.tcp_new();
  check(peer != NULL, "tcp_new");
  check(client.tcp_connect(peer, &server.card.ip_addr, port, chosen->connected) == ERR_OK,
        "tcp_connect");
}

// Aborted, not closed: otherwise there were more connections in TIME-WAIT than there are ports.
static void abort_and_connect_next(void) {
  client.tcp_abort(established);
  established = NULL;
  is_accepted = 0;
  ++count;
  connect_one();
}

static void listen_for(const struct program* program) {
  struct tcp_pcb* bound = server.tcp_new();
  check(bound != NULL && server.tcp_bind(bound, NULL, port) == ERR_OK, "tcp_bind");
  struct tcp_pcb* listener = server.tcp_listen_with_backlog(bound, 255);
  check(listener != NULL, "tcp_listen");
  server.tcp_accept(listener, program->accepted);
}

int main(int argc, char** argv) {
  for (size_t i = 0; argc == 4 && i < sizeof programs / sizeof *programs; ++i) {
    if (strcmp(argv[1], programs[i].name) == 0) chosen = &programs[i];
  }
  if (chosen == NULL) {
    fputs("usage: lwip_memory (ping|bulk|connect) SECONDS WARMUP\n", stderr);
    return 2;
  }
  set_up(&client, &server, 1);
  set_up(&server, &client, 2);
  listen_for(chosen);
  connect_one();

  const double begin = now() + atof(argv[3]);
  const double end = begin + atof(argv[2]);
  double started = now(), time;
  do {
    for (int i = 0; i < 16; ++i) {
      receive_all(&server);
      receive_all(&client);
      if (established != NULL && is_accepted) abort_and_connect_next();
    }
    client.sys_check_timeouts();
    server.sys_check_timeouts();
    time = now();
    if (time < begin) {
      started = time;
      count = 0;
    }
  } while (time < end);
  printf("%.0f\n", (double)count / (time - started));
  return 0;
}
