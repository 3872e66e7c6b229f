// Two programs on two of Pentad's stacks in one thread, over a cable of memory.
//
// usage: pentad_memory ping SECONDS WARMUP [MTU]     round trips of 64 B a second
//        pentad_memory bulk SECONDS WARMUP [MTU]     bytes a second, 64 KiB at a time
//        pentad_memory connect SECONDS WARMUP [MTU]  connections a second, accepted and aborted
//        pentad_memory idle CONNECTIONS              bytes of memory for each end of an idle one

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "bench/native/memory_pair.hpp"
#include "bench/native/must.hpp"
#include "bench/native/private_dirty.hpp"
#include "bench/native/stopwatch.hpp"
#include "pentad/runtime/scope.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;

constexpr std::uint16_t port = 7;
constexpr std::size_t message_size = 64;
constexpr std::size_t chunk_size = 65536;

task<> echo(stream_listener& listener) {
  stream_socket socket = must(co_await listener.accept(), "accept");
  std::vector<std::byte> message(message_size);
  for (;;) {
    const std::size_t count = must(co_await socket.receive(message), "receive");
    if (count == 0) co_return;
    must(co_await socket.send(std::span(message).first(count)), "send");
  }
}

task<> ping(host& here, stopwatch& watch) {
  stream_socket socket =
      must(co_await here.connect(endpoint(memory_pair::server_address, port)), "connect");
  std::vector<std::byte> message(message_size, std::byte{0x5a});
  do {
    must(co_await socket.send(message), "send");
    for (std::size_t received = 0; received < message_size;) {
      received += must(co_await socket.receive(message), "receive");
    }
  } while (watch.add(1));
}

task<> source(stream_listener& listener) {
  stream_socket socket = must(co_await listener.accept(), "accept");
  const std::vector<std::byte> chunk(chunk_size, std::byte{0x5a});
  for (;;) {
    const result<void> sent = co_await socket.send(chunk);
    if (!sent) co_return;  // the other end has enough
  }
}

task<> sink(host& here, stopwatch& watch) {
  stream_socket socket =
      must(co_await here.connect(endpoint(memory_pair::server_address, port)), "connect");
  std::size_t count = 0;
  do {  // in place, as lwIP's does
    count = must(co_await socket.receive(), "receive").size();
  } while (watch.add(count));
}

task<> accept_all(stream_listener& listener) {
  for (;;) {
    result<stream_socket> socket = co_await listener.accept();
    if (!socket) co_return;  // enough
    socket->abort();
  }
}

// Aborted, not closed: otherwise there were more connections in TIME-WAIT than there are ports.
task<> connect_again_and_again(host& here, stopwatch& watch) {
  const endpoint to(memory_pair::server_address, port);
  do {
    stream_socket socket = must(co_await here.connect(to), "connect");
    const auto end = co_await socket.receive();
    if (end) std::exit(1);  // the other end aborts
  } while (watch.add(1));
}

struct program {
  std::string_view name;
  task<> (*server)(stream_listener&);
  task<> (*client)(host&, stopwatch&);
};

constexpr program programs[] = {
    {"ping", echo, ping},
    {"bulk", source, sink},
    {"connect", accept_all, connect_again_and_again},
};

task<> measure(memory_pair& hosts, const program& chosen, stopwatch& watch) {
  stream_listener listener =
      must(hosts.server().listen(endpoint(memory_pair::server_address, port)), "listen");
  co_await in_scope([&](scope& all) -> task<> {
    all.spawn(chosen.server(listener));
    co_await chosen.client(hosts.client(), watch);
    listener.close();
  });
}

// One message each way, so that all there is to a connection has been in use.
task<> open_one(host& here, std::uint16_t to, stream_listener& listener,
                std::vector<stream_socket>& sockets) {
  stream_socket client =
      must(co_await here.connect(endpoint(memory_pair::server_address, to)), "connect");
  stream_socket server = must(co_await listener.accept(), "accept");
  std::vector<std::byte> message(message_size);
  must(co_await client.send(message), "send");
  must(co_await server.receive(message), "receive");
  must(co_await server.send(message), "send");
  must(co_await client.receive(message), "receive");
  sockets.push_back(std::move(client));
  sockets.push_back(std::move(server));
}

task<double> idle(memory_pair& hosts, std::size_t connections) {
  constexpr std::size_t connections_per_port = 20000;
  std::vector<stream_socket> sockets;
  sockets.reserve(2 * connections + 2);
  // Page by page, so that the room for the socket objects counts as what it is: theirs.
  std::size_t before = 0;
  for (std::size_t made = 0; made <= connections;) {
    const auto own = static_cast<std::uint16_t>(port + made / connections_per_port);
    stream_listener listener =
        must(hosts.server().listen(endpoint(memory_pair::server_address, own)), "listen");
    const std::size_t end = std::min(made + connections_per_port, connections + 1);
    for (; made < end; ++made) {
      co_await open_one(hosts.client(), own, listener, sockets);
      if (made == 0) before = private_dirty();  // what does not grow is there now
    }
  }
  // Delayed acknowledgements go out, and what they let go is freed.
  co_await hosts.client().sleep(std::chrono::milliseconds(100));
  co_return static_cast<double>(private_dirty() - before) / static_cast<double>(2 * connections);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "idle" && argc == 3) {
    memory_pair hosts;
    const auto connections = static_cast<std::size_t>(std::atoll(argv[2]));
    std::printf("%.0f\n", must(hosts.client().run(idle(hosts, connections)), "idle"));
    return 0;
  }
  const auto* chosen = std::ranges::find(programs, what, &program::name);
  if (chosen == std::end(programs) || argc < 4 || argc > 5) {
    std::fputs("usage: pentad_memory (ping|bulk|connect) SECONDS WARMUP [MTU] | idle CONNECTIONS\n",
               stderr);
    return 2;
  }
  memory_link_options cable;
  if (argc == 5) cable.mtu = static_cast<std::size_t>(std::atoll(argv[4]));
  memory_pair hosts(cable);
  stopwatch watch(std::atof(argv[3]), std::atof(argv[2]));
  must(hosts.client().run(measure(hosts, *chosen, watch)), "run");
  std::printf("%.0f\n", watch.per_second());
}
