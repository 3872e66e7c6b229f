// The echo server by Pentad that the benchmark compares: pentad_server PORT HOST, with the text of
// `make_host` for HOST, such as kernel:epoll or kernel:uring,spin=50us.

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <system_error>
#include <utility>

#include "pentad/pentad.hpp"

namespace {

using namespace pentad;

task<> session(stream_socket socket) {
  for (;;) {
    auto message = co_await socket.receive();
    if (!message || message->empty()) co_return;
    auto sent = co_await socket.send(message->bytes());
    if (!sent) co_return;
  }
}

task<int> serve(host& here, std::uint16_t port) {
  auto listener = here.listen(endpoint{ip_address::any(ip_version::v4), port});
  if (!listener) {
    std::fprintf(stderr, "listen: %s\n", listener.error().message().c_str());
    co_return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  co_await in_scope([&](scope& sessions) -> task<> {
    for (;;) {
      auto socket = co_await listener->accept();
      if (!socket) co_return;
      sessions.spawn(session(std::move(*socket)));
    }
  });
  co_return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  const std::string_view text = argc == 3 ? argv[1] : "";
  if (std::from_chars(text.data(), text.data() + text.size(), port).ec != std::errc{}) {
    std::fputs("usage: pentad_server PORT HOST\n", stderr);
    return 2;
  }
  auto here = make_host(argv[2]);
  if (!here) {
    std::fprintf(stderr, "%s: %s\n", argv[2], here.error().message().c_str());
    return 1;
  }
  return (*here)->run(serve(**here, port)).value_or(1);
}
