// Mode `churn`: connect, one echo, close, again and again, with `connections` open at once.

#include <unistd.h>

#include <vector>

#include "settings.hpp"
#include "window.hpp"

namespace {

struct attempt {
  int fd = -1;
  nanoseconds started = 0;
};

}  // namespace

void run_churn(const settings& s) {
  constexpr std::uint32_t addresses = 16;  // enough for all that stay in TIME_WAIT
  const std::vector<std::byte> message(s.size, std::byte{'x'});
  std::vector<std::byte> buffer(s.size);
  std::vector<attempt> attempts(s.connections);
  std::uint32_t next_address = 0;
  const auto start = [&](attempt& a, nanoseconds now) {
    a = {.fd = connect_to_server(s, next_address++ % addresses), .started = now};
    send_message(a.fd, message);
  };
  window w(s);
  nanoseconds now = monotonic();
  for (auto& a : attempts) start(a, now);
  for (unsigned i = 0; w.open(now); i = (i + 1) % s.connections) {
    expect_echo(attempts[i].fd, message, buffer);
    close(attempts[i].fd);
    now = monotonic();
    w.count(1, attempts[i].started, now);
    start(attempts[i], now);
  }
  w.print("churn");
}
