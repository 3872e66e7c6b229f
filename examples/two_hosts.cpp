// Two hosts on Pentad's own TCP/IP stack in one process, joined by a cable of memory that loses
// every tenth frame: `two_hosts`. It needs no root and no device, and time is virtual.
#include <cstdio>

#include "pentad/hosts/native_pair.hpp"
#include "pentad/pentad.hpp"

using namespace pentad;
using namespace std::chrono_literals;

task<> talk(host& a, host& b) {
  stream_listener listener = b.listen(endpoint(ip_address::v4(10, 0, 0, 2), 7)).value();
  auto ends = co_await when_all(a.connect(listener.local().value()), listener.accept());
  stream_socket here = std::move(ends.get<0>()).value();
  stream_socket there = std::move(ends.get<1>()).value();
  (co_await here.send(std::as_bytes(std::span("hello")))).value();
  const received got = (co_await there.receive()).value();
  std::puts(to_string(there.tuple().value()).c_str());
  std::puts(reinterpret_cast<const char*>(got.bytes().data()));
}

int main() {
  native_pair hosts({.cable = {.loss = 0.1, .delay = 20ms}});
  return hosts.first().run(talk(hosts.first(), hosts.second())) ? 0 : 1;
}
