// What a program of another project may look like: a server and its client on one host.

#include <pentad/pentad.hpp>

#include <cstddef>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace pentad;

task<> echo(stream_listener& listener) {
  auto socket = co_await listener.accept();
  if (!socket) co_return;
  for (;;) {
    auto message = co_await socket->receive();
    if (!message || message->empty()) co_return;
    auto sent = co_await socket->send(message->bytes());
    if (!sent) co_return;
  }
}

task<std::string> ask(host& here, socket_address server, std::string_view question) {
  std::string answer;
  auto socket = co_await here.connect(server);
  if (!socket) co_return answer;
  std::cout << to_string(socket->tuple().value()) << '\n';
  auto sent = co_await socket->send(std::as_bytes(std::span(question)));
  if (!sent || !socket->shutdown(direction::send)) co_return answer;
  for (;;) {
    auto message = co_await socket->receive();
    if (!message || message->empty()) co_return answer;
    answer.append(reinterpret_cast<const char*>(message->bytes().data()), message->size());
  }
}

task<int> program(host& here) {
  auto listener = here.listen(endpoint{ip_address::loopback(ip_version::v4), 0});
  if (!listener) co_return 1;
  auto serving = echo(*listener);
  auto asking = ask(here, listener->local().value(), "from host A to host B");
  auto ended = co_await when_all(serving, asking);
  std::cout << ended.get<1>() << '\n';
  co_return ended.get<1>() == "from host A to host B" ? 0 : 1;
}

}  // namespace

int main() {
  auto here = make_host("kernel");
  if (!here) {
    std::cerr << here.error().message() << '\n';
    return 1;
  }
  return (*here)->run(program(**here)).value_or(1);
}
