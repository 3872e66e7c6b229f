// UDP by Asio's coroutines: `asio_udp echo PORT` or `asio_udp sink PORT SECONDS`.
#include <asio.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

using asio::ip::udp;

asio::awaitable<void> echo(udp::socket socket) {
  std::array<char, 2048> bytes;
  for (;;) {
    udp::endpoint from;
    const std::size_t n =
        co_await socket.async_receive_from(asio::buffer(bytes), from, asio::use_awaitable);
    co_await socket.async_send_to(asio::buffer(bytes, n), from, asio::use_awaitable);
  }
}

// From the first datagram on.
asio::awaitable<void> sink(udp::socket socket, double seconds) {
  using clock = std::chrono::steady_clock;
  std::array<char, 2048> bytes;
  udp::endpoint from;
  co_await socket.async_receive_from(asio::buffer(bytes), from, asio::use_awaitable);
  const clock::time_point began = clock::now();
  double elapsed = 0;
  std::uint64_t count = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 64; ++i) {
      co_await socket.async_receive_from(asio::buffer(bytes), from, asio::use_awaitable);
      ++count;
    }
    elapsed = std::chrono::duration<double>(clock::now() - began).count();
  }
  std::printf("%.0f\n", static_cast<double>(count) / elapsed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  asio::io_context context(1);
  const auto port = static_cast<unsigned short>(std::atoi(argv[2]));
  udp::socket socket(context, udp::endpoint(asio::ip::address_v4::loopback(), port));
  socket.set_option(asio::socket_base::receive_buffer_size(4 << 20));
  std::puts("ready");
  std::fflush(stdout);
  if (std::string_view(argv[1]) == "echo") {
    asio::co_spawn(context, echo(std::move(socket)), asio::detached);
  } else {
    asio::co_spawn(context, sink(std::move(socket), std::atof(argv[3])), asio::detached);
  }
  context.run();
}
