// Many IRC clients in one thread. It must be cheaper than any server, so it never sleeps (nobody
// has to wake it), reads what has come into one buffer, and looks at no more of a line than it
// must.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

inline std::string_view command_of(std::string_view line) noexcept {
  if (line.starts_with(':')) line.remove_prefix(line.find(' ') + 1);
  return line.substr(0, line.find(' '));
}

class clients {
 public:
  /// Connects and registers `count` clients.
  clients(const settings& s, unsigned count);
  clients(const clients&) = delete;
  clients& operator=(const clients&) = delete;
  ~clients();

  [[nodiscard]] unsigned count() const noexcept { return static_cast<unsigned>(all_.size()); }

  void send(unsigned who, std::string_view lines);

  /// Takes in what has come and calls `heard(who, line)` for each line, without its CR LF. Fails
  /// when nothing has come for 20 seconds.
  template <class Heard>
  void take_in(Heard heard) {
    const unsigned ready = await();
    for (unsigned i = 0; i < ready; ++i) {
      const unsigned who = ready_[i];
      for (bool more = true; more;) {
        std::string_view bytes = receive(who, more);
        while (const std::size_t end = bytes.find('\n') + 1) {
          const std::string_view line = complete(who, bytes.substr(0, end));
          if (!answered_ping(who, line)) heard(who, line);
          all_[who].begun.clear();
          bytes.remove_prefix(end);
        }
        all_[who].begun.append(bytes);
      }
    }
  }

 private:
  struct one {
    int fd = -1;
    std::string begun;  // a line whose end has not come
  };

  void sign_up();
  unsigned await();
  std::string_view receive(unsigned who, bool& more);
  std::string_view complete(unsigned who, std::string_view end);
  bool answered_ping(unsigned who, std::string_view line);

  int poll_ = -1;
  std::vector<one> all_;
  std::array<unsigned, 512> ready_{};
  std::vector<char> buffer_;
  nanoseconds last_ready_ = monotonic();
};
