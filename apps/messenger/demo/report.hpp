// What happens on the hosts of the demo, as whoever tells its story learns it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pentad::messenger::demo {

/// Who does something.
enum class actor : char { server = 's', alice = 'a', bob = 'b' };

struct report {
  enum class kind : char {
    ready = 'y',    ///< a host is made ready so far; `text` says how
    step = '.',     ///< `name` is a step of a socket's life, `text` what it returned
    listens = 'l',  ///< the server can be reached at `text`
    read = 'r',     ///< a message, `text`, is in front of the person
    trouble = 't',  ///< `name` failed because of `text`
  };

  kind what;
  actor who;
  std::string name = {};
  std::string text = {};
  std::string bytes = {};  ///< that a receive or send moved, printable
  std::string tuple = {};  ///< the quintuple of the connection, once there is one
};

/// The text of a report, in which it travels from one process to another.
std::string encode(const report& told);

/// The report that a text stands for.
std::optional<report> decode(std::string_view text);

/// Takes reports.
class audience {
 public:
  virtual void hear(const report& told) = 0;

 protected:
  ~audience() = default;
};

}  // namespace pentad::messenger::demo
