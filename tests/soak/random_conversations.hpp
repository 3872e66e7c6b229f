// Two hosts with Pentad's own stack that hold many conversations at once over a link whose
// condition changes, all of it out of one seed.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "tests/native/host_transfer.hpp"

namespace pentad::native::test {

/// One way of a conversation: what is sent, and what has come of it. Bytes follow from their place,
/// so that none has to be kept.
class one_way {
 public:
  one_way(std::uint64_t key, std::size_t size) : key_(key), size_(size) {}

  void send(connection& from, std::size_t most);
  void receive(connection& to, std::size_t most);

  bool has_arrived() const noexcept { return received_ == size_; }
  bool is_right() const noexcept { return right_; }

 private:
  std::byte at(std::size_t place) const noexcept {
    return static_cast<std::byte>((key_ + place) * 0x9e3779b97f4a7c15 >> 56);
  }

  std::uint64_t key_;
  std::size_t size_;
  std::size_t sent_ = 0;
  std::size_t received_ = 0;
  bool right_ = true;
};

class random_conversations {
 public:
  explicit random_conversations(std::uint64_t seed);

  /// Until all are over and nothing is left of them. Failures are those of GoogleTest.
  void hold();

  std::uint64_t digest() const noexcept { return hosts_.digest(); }

 private:
  struct conversation {
    channel ends;
    one_way there;
    one_way back;
    ip_version version;
    std::uint16_t client_port = 0;
    std::optional<instant> aborted_at;
    bool is_over = false;
  };

  static tcp_settings random_settings(std::uint64_t seed);

  std::uint64_t random(std::uint64_t most) { return random_() % (most + 1); }
  std::size_t random_size(unsigned most_bits) {
    return random_() & ((1U << random(most_bits)) - 1);
  }
  double random_share(double most) { return most * static_cast<double>(random_() >> 11) * 0x1p-53; }

  void change_the_link();
  void begin_one();
  void accept();
  void go_on(conversation& with);
  void finish(conversation& with);
  void expect_bounds() const;
  bool step();

  std::mt19937_64 random_;
  tcp_settings settings_;
  host_pair hosts_;
  listener* service_;
  std::size_t to_begin_;
  std::vector<conversation> all_;
  instant link_changes_{};
};

}  // namespace pentad::native::test
