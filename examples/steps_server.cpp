// The server of the textbooks, one step at a time: socket, bind, listen, accept, receive, send,
// close. Serves one client, sends back what it says, and prints what each step returned.
//
//     steps_server 127.0.0.1:7777
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "pentad/pentad.hpp"

using namespace pentad;

namespace {

void print(const char* step, const std::string& returned) {
  std::printf("%-8s %s\n", step, returned.c_str());
  std::fflush(stdout);
}

int stopped(const char* step, std::error_code error) {
  print(step, "error: " + error.message());
  return 1;
}

std::string_view text(const received& data) {
  return {reinterpret_cast<const char*>(data.bytes().data()), data.size()};
}

task<int> serve(host& here, endpoint address) {
  result<unbound_socket> unbound = here.open(stream, address.address.version());
  if (!unbound) co_return stopped("socket", unbound.error());
  print("socket", address.address.is_v4() ? "a TCP socket for IPv4" : "a TCP socket for IPv6");

  result<bound_socket> bound = std::move(*unbound).bind(address);
  if (!bound) co_return stopped("bind", bound.error());
  print("bind", to_string(bound->local().value_or(address)));

  result<stream_listener> listener = std::move(*bound).listen(/*backlog=*/16);
  if (!listener) co_return stopped("listen", listener.error());
  print("listen", to_string(listener->local().value_or(address)));

  result<stream_socket> client = co_await listener->accept();
  if (!client) co_return stopped("accept", client.error());
  print("accept", client->tuple() ? to_string(*client->tuple()) : "a client that is gone");

  for (;;) {
    result<received> data = co_await client->receive();
    if (!data) co_return stopped("receive", data.error());
    if (data->empty()) {
      print("receive", "0 bytes: the client has sent all");
      break;
    }
    print("receive", std::to_string(data->size()) + " bytes: " + std::string(text(*data)));

    result<void> sent = co_await client->send(data->bytes());
    if (!sent) co_return stopped("send", sent.error());
    print("send", std::to_string(data->size()) + " bytes");
  }

  client->close();
  print("close", "done");
  co_return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const result<endpoint> address =
      count == 2 ? endpoint::parse(arguments[1]) : failure(errc::malformed_address);
  if (!address) {
    std::fprintf(stderr, "usage: steps_server ADDRESS:PORT\n");
    return 2;
  }
  const result<std::unique_ptr<host>> here = make_host("kernel");
  if (!here) return stopped("host", here.error());
  return (*here)->run(serve(**here, *address)).value_or(1);
}
