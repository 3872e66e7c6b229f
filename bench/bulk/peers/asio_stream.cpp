// One TCP stream by Asio's coroutines: `asio_stream sink PORT SECONDS` and `asio_stream source
// PORT`.
#include <asio.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using asio::ip::tcp;

constexpr std::size_t piece = 128 << 10;

asio::awaitable<void> sink(tcp::acceptor acceptor, double seconds) {
  using clock = std::chrono::steady_clock;
  tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
  std::vector<char> bytes(piece);
  const clock::time_point began = clock::now();
  std::uint64_t count = 0;
  double elapsed = 0;
  while (elapsed < seconds) {
    for (int i = 0; i < 16; ++i) {
      count += co_await socket.async_read_some(asio::buffer(bytes), asio::use_awaitable);
    }
    elapsed = std::chrono::duration<double>(clock::now() - began).count();
  }
  std::printf("%.0f\n", static_cast<double>(count) / elapsed);
}

asio::awaitable<void> source(tcp::socket socket, tcp::endpoint to) {
  const std::vector<char> bytes(piece);
  try {
    co_await socket.async_connect(to, asio::use_awaitable);
    for (;;) co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
  } catch (const std::system_error&) {
    // The other end has had enough.
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  asio::io_context context(1);
  const tcp::endpoint where(asio::ip::address_v4::loopback(),
                            static_cast<unsigned short>(std::atoi(argv[2])));
  if (std::string_view(argv[1]) == "sink") {
    tcp::acceptor acceptor(context, where);
    std::puts("ready");
    std::fflush(stdout);
    asio::co_spawn(context, sink(std::move(acceptor), argc > 3 ? std::atof(argv[3]) : 1),
                   asio::detached);
  } else {
    asio::co_spawn(context, source(tcp::socket(context), where), asio::detached);
  }
  context.run();
}
