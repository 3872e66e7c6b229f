// Half-open connections of one listener: SYNs that nobody follows up.
//
// usage: pentad_half_open CONNECTIONS; prints bytes of memory for each.

#include <cstdlib>

#include "bench/native/must.hpp"
#include "bench/native/private_dirty.hpp"
#include "pentad/inspect/tcp_probe.hpp"
#include "pentad/nic/memory.hpp"
#include "pentad/runtime/epoll_engine.hpp"
#include "pentad/socket/host.hpp"
#include "pentad/stack/native/host_stack/native_stack.hpp"
#include "pentad/wire/ethernet.hpp"
#include "pentad/wire/ipv4.hpp"

namespace {

using namespace pentad;
using namespace pentad::bench;

constexpr std::uint16_t port = 7;
constexpr ip_address server_address = ip_address::v4(10, 0, 0, 2);
constexpr std::size_t batch = 128;

// A host at one end of a cable of memory whose other end is in the hands of this program.
class server {
 public:
  explicit server(std::size_t most_half_open) {
    tcp_.most_half_open = most_half_open;
    native::interface_settings settings;
    settings.addresses.push_back({server_address, 24});
    stack_.emplace(loop_, packets_, native::core_settings(), tcp_);
    stack_->add(cable_.second(), settings);
    host_.emplace(loop_, *stack_, 1);
  }

  host& here() noexcept { return *host_; }

  /// The `number`th of different clients, which never says more.
  void hear_syn(std::size_t number) {
    constexpr std::size_t ports = 50000;
    const auto address = static_cast<std::uint8_t>(10 + number / ports);
    const auto from = static_cast<std::uint16_t>(1024 + number % ports);
    const ip_address client = ip_address::v4(10, 0, 0, address);
    const tcp_probe syn{.source = endpoint(client, from),
                        .destination = endpoint(server_address, port),
                        .sequence = static_cast<std::uint32_t>(number)};
    packet frame = packets_.take(wire::ethernet_header::size() + wire::ipv4_header::size() +
                                 tcp_probe::size());
    const wire::ethernet_header link{cable_.second().address(), cable_.first().address()};
    link.emit(frame.append(wire::ethernet_header::size()));
    const wire::ipv4_header network{.source = syn.source.address,
                                    .destination = server_address,
                                    .payload_size = tcp_probe::size()};
    network.emit(frame.append(wire::ipv4_header::size()));
    syn.emit(frame.append(tcp_probe::size()));
    if (cable_.first().transmit({&frame, 1}) != 1) std::exit(1);
  }

  void ignore_answers() {
    packet answer;
    while (cable_.first().receive({&answer, 1}) == 1) {
    }
  }

 private:
  std::unique_ptr<epoll_engine> engine_ = must(epoll_engine::open(duration::zero()), "epoll");
  event_loop loop_{*engine_};
  packet_pool packets_;
  memory_link cable_{packets_, packets_};
  native::tcp_settings tcp_;
  std::optional<native::native_stack> stack_;
  std::optional<host> host_;
};

task<double> measure(server& at, std::size_t connections) {
  stream_listener listener = must(at.here().listen(endpoint(server_address, port)), "listen");
  std::size_t before = 0;
  std::size_t counted = 0;
  for (std::size_t made = 0; made < connections;) {
    if (counted == 0 && made >= batch) {  // what does not grow is there now
      before = private_dirty();
      counted = connections - made;
    }
    for (std::size_t i = 0; i < batch; ++i) at.hear_syn(made++);
    must(co_await at.here().sleep(duration::zero()), "sleep");
    at.ignore_answers();
  }
  co_return static_cast<double>(private_dirty() - before) / static_cast<double>(counted);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: pentad_half_open CONNECTIONS\n", stderr);
    return 2;
  }
  const auto connections = static_cast<std::size_t>(std::atoll(argv[1]));
  server at(connections + batch);
  std::printf("%.0f\n", must(at.here().run(measure(at, connections)), "run"));
}
