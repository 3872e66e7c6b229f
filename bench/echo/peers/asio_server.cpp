// The peer most C++ programs would use: Asio with C++20 coroutines, one thread, a concurrency
// hint of 1, errors as values (an exception for each end of a stream would cost microseconds).

#include <asio.hpp>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <utility>

namespace {

using asio::ip::tcp;

asio::awaitable<void> session(tcp::socket socket) {
  char buffer[4096];
  asio::error_code error;
  auto into_error = asio::redirect_error(asio::use_awaitable, error);
  for (;;) {
    const auto n = co_await socket.async_read_some(asio::buffer(buffer), into_error);
    if (error) co_return;
    co_await asio::async_write(socket, asio::buffer(buffer, n), into_error);
    if (error) co_return;
  }
}

asio::awaitable<void> serve(tcp::acceptor& acceptor) {
  asio::error_code error;
  for (;;) {
    tcp::socket socket =
        co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error) continue;
    socket.set_option(tcp::no_delay(true), error);
    asio::co_spawn(acceptor.get_executor(), session(std::move(socket)), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  const std::string_view text = argc == 2 ? argv[1] : "";
  if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{}) {
    std::fputs("usage: asio_server PORT\n", stderr);
    return 2;
  }
  asio::io_context context(1);
  tcp::acceptor acceptor(context);
  acceptor.open(tcp::v4());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind({tcp::v4(), port});
  acceptor.listen(4096);
  asio::co_spawn(context, serve(acceptor), asio::detached);
  std::puts("ready");
  std::fflush(stdout);
  context.run();
}
