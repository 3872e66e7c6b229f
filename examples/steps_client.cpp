// The client of the textbooks, one step at a time: socket, connect, send, receive, close. Says one
// thing, waits for as much to come back, and prints what each step returned.
//
//     steps_client 127.0.0.1:7777 "hello, server"
#include <array>
#include <cstdio>
#include <span>
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

task<int> talk(host& here, endpoint server, std::string_view message) {
  result<unbound_socket> unbound = here.open(stream, server.address.version());
  if (!unbound) co_return stopped("socket", unbound.error());
  print("socket", server.address.is_v4() ? "a TCP socket for IPv4" : "a TCP socket for IPv6");

  result<stream_socket> socket = co_await std::move(*unbound).connect(server);
  if (!socket) co_return stopped("connect", socket.error());
  print("connect", socket->tuple() ? to_string(*socket->tuple()) : "a server that is gone");

  result<void> sent = co_await socket->send(std::as_bytes(std::span(message)));
  if (!sent) co_return stopped("send", sent.error());
  print("send", std::to_string(message.size()) + " bytes");

  std::array<char, 512> buffer;
  for (std::size_t rest = message.size(); rest > 0;) {
    result<std::size_t> size = co_await socket->receive(std::as_writable_bytes(std::span(buffer)));
    if (!size) co_return stopped("receive", size.error());
    print("receive", std::to_string(*size) + " bytes: " + std::string(buffer.data(), *size));
    if (*size == 0) co_return 1;  // the server has finished too soon
    rest -= std::min(rest, *size);
  }

  socket->close();
  print("close", "done");
  co_return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const result<endpoint> server =
      count == 2 || count == 3 ? endpoint::parse(arguments[1]) : failure(errc::malformed_address);
  if (!server) {
    std::fprintf(stderr, "usage: steps_client ADDRESS:PORT [MESSAGE]\n");
    return 2;
  }
  const result<std::unique_ptr<host>> here = make_host("kernel");
  if (!here) return stopped("host", here.error());
  const char* message = count == 3 ? arguments[2] : "hello from a client";
  return (*here)->run(talk(**here, *server, message)).value_or(1);
}
