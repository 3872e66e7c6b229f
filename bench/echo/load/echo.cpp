// Mode `echo`: every connection sends `depth` messages in one write, waits until all are back,
// compares them byte for byte and sends the next. Connections take turns in a fixed order: the
// server gets what is sent in that order, so the next one's echo is there, or is the first to come.

#include <algorithm>
#include <cstring>
#include <vector>

#include "settings.hpp"
#include "window.hpp"

namespace {

class echo_load {
 public:
  explicit echo_load(const settings& s)
      : settings_(s),
        batch_size_(std::size_t{s.size} * s.depth),
        connections_(s.connections),
        sent_(batch_size_ * s.connections),
        received_(batch_size_) {
    std::uint32_t noise = 1;
    for (auto& b : sent_) b = static_cast<std::byte>((noise = noise * 1664525 + 1013904223) >> 24);
    for (auto& c : connections_) c.fd = connect_to_server(s, 0);
  }

  void run() {
    window w(settings_);
    nanoseconds now = monotonic();
    for (unsigned i = 0; i < settings_.connections; ++i) send_next(i, now);
    for (unsigned i = 0; w.open(now); i = (i + 1) % settings_.connections) {
      expect_echo(connections_[i].fd, batch(i), received_);
      now = monotonic();
      w.count(settings_.depth, connections_[i].started, now);
      send_next(i, now);
    }
    w.print("echo");
  }

 private:
  struct connection {
    int fd = -1;
    std::uint32_t sequence = 0;
    nanoseconds started = 0;
  };

  std::span<std::byte> batch(unsigned index) {
    return std::span(sent_).subspan(batch_size_ * index, batch_size_);
  }

  void send_next(unsigned index, nanoseconds now) {
    stamp(index);
    connections_[index].started = now;
    send_message(connections_[index].fd, batch(index));
  }

  /// Gives each message a head that no other message has, so that mixed up ones are noticed.
  void stamp(unsigned index) {
    for (auto rest = batch(index); !rest.empty(); rest = rest.subspan(settings_.size)) {
      const std::uint32_t head[] = {++connections_[index].sequence, index};
      std::memcpy(rest.data(), head, std::min<std::size_t>(sizeof head, settings_.size));
    }
  }

  const settings& settings_;
  std::size_t batch_size_;
  std::vector<connection> connections_;
  std::vector<std::byte> sent_, received_;
};

}  // namespace

void run_echo(const settings& s) { echo_load(s).run(); }
