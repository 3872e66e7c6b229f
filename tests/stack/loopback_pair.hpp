// Both ends of a connection of one host with itself.
#pragma once

#include "tests/socket/stream_pair.hpp"

namespace pentad::test {

inline task<stream_pair> connect_to_itself(host& here) {
  stream_listener listener = must(here.listen(endpoint(ip_address::loopback(ip_version::v4), 0)));
  auto both = co_await when_all(here.connect(must(listener.local())), listener.accept());
  co_return stream_pair(must(std::move(both.get<1>())), must(std::move(both.get<0>())));
}

}  // namespace pentad::test
