// Sends back whatever comes, to many clients at once: `echo_server 127.0.0.1:7777`.
#include <cstdio>

#include "pentad/pentad.hpp"

using namespace pentad;

task<> echo(stream_socket client) {
  while (auto bytes = co_await client.receive()) {
    if (bytes->empty()) break;
    auto sent = co_await client.send(bytes->bytes());
    if (!sent) break;
  }
}

task<int> serve(host& here, endpoint address) {
  auto listener = here.listen(address);
  if (!listener) {
    std::puts(listener.error().message().c_str());
    co_return 1;
  }
  co_await in_scope([&](scope& clients) -> task<> {
    while (auto client = co_await listener->accept()) clients.spawn(echo(std::move(*client)));
  });
  co_return 0;
}

int main(int count, char** arguments) {
  auto address = endpoint::parse(count == 2 ? arguments[1] : "127.0.0.1:7777");
  auto here = make_host("kernel");
  return address && here ? (*here)->run(serve(**here, *address)).value_or(1) : 2;
}
