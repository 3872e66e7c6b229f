// The measured time: what happens before it (warm-up) does not count.
#pragma once

#include <cinttypes>
#include <cstdio>

#include "bench/peers/latency.hpp"
#include "settings.hpp"

class window {
 public:
  explicit window(const settings& s)
      : settings_(s), begin_(monotonic() + static_cast<nanoseconds>(s.warmup * 1e9)) {}

  /// False: the time is over.
  [[nodiscard]] bool open(nanoseconds now) {
    if (end_ == 0 && now >= begin_) {
      begin_ = now;
      end_ = now + static_cast<nanoseconds>(settings_.seconds * 1e9);
      server_ = processor_time(settings_.server);
    }
    if (end_ == 0 || now < end_) return true;
    end_ = now;
    server_ = processor_time(settings_.server) - server_;
    return false;
  }

  /// `messages` that were under way since `started` are back.
  void count(unsigned messages, nanoseconds started, nanoseconds now) noexcept {
    if (end_ == 0) return;
    messages_ += messages;
    latency_.add(now - started, messages);
  }

  void print(const char* mode) const {
    std::printf("{\"mode\":\"%s\",\"connections\":%u,\"size\":%u,\"depth\":%u,\"messages\":%" PRIu64
                ",\"elapsed_ns\":%" PRIu64 ",\"server_cpu_ns\":%" PRIu64 ",\"p50_ns\":%" PRIu64
                ",\"p99_ns\":%" PRIu64 "}\n",
                mode, settings_.connections, settings_.size, settings_.depth, messages_,
                end_ - begin_, server_, latency_.percentile(0.5), latency_.percentile(0.99));
  }

 private:
  const settings& settings_;
  nanoseconds begin_;
  nanoseconds end_ = 0;  // 0: still warming up
  nanoseconds server_ = 0;
  std::uint64_t messages_ = 0;
  latency latency_;
};
