#include "tests/native/segment_text.hpp"

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

namespace pentad::native::test {
namespace {

constexpr std::array<std::pair<char, wire::tcp_flags>, 8> letters{{{'S', wire::tcp_syn},
                                                                   {'F', wire::tcp_fin},
                                                                   {'R', wire::tcp_rst},
                                                                   {'P', wire::tcp_psh},
                                                                   {'E', wire::tcp_ece},
                                                                   {'W', wire::tcp_cwr},
                                                                   {'U', wire::tcp_urg},
                                                                   {'.', wire::tcp_ack}}};

constexpr std::array<std::pair<std::string_view, wire::ip_ecn>, 3> marks{
    {{"[noecn] ", wire::ip_ecn::not_capable},
     {"[ect0] ", wire::ip_ecn::capable_0},
     {"[ce] ", wire::ip_ecn::congestion_experienced}}};

class reader {
 public:
  explicit reader(std::string_view text) : all_(text), rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool skip(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  void expect(std::string_view word) {
    if (!skip(word)) fail();
  }

  std::uint32_t number() {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) fail();
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  bool at_number() const { return !at_end() && rest_[0] >= '0' && rest_[0] <= '9'; }

  wire::tcp_flags flags() {
    wire::tcp_flags read;
    while (!at_end() && rest_[0] != ' ') {
      bool known = false;
      for (const auto& [letter, flag] : letters) {
        if (rest_[0] != letter) continue;
        read |= flag;
        known = true;
      }
      if (!known) fail();
      rest_.remove_prefix(1);
    }
    return read;
  }

  wire::tcp_options options() {
    wire::tcp_options read;
    while (!skip(">")) {
      if (skip("mss ")) {
        read.maximum_segment_size = static_cast<std::uint16_t>(number());
      } else if (skip("wscale ")) {
        read.window_scale = static_cast<std::uint8_t>(number());
      } else if (skip("TS val ")) {
        const std::uint32_t value = number();
        expect(" ecr ");
        read.timestamps = wire::tcp_timestamps{value, number()};
      } else if (skip("uto ")) {
        read.user_timeout = wire::tcp_user_timeout{false, static_cast<std::uint16_t>(number())};
      } else if (skip("FO")) {
        read.fast_open = skip(" ") ? cookie() : wire::tcp_fast_open_cookie();
      } else if (skip("sackOK")) {
        read.sack_permitted = true;
      } else if (skip("sack")) {
        while (skip(" ")) {
          const wire::tcp_sequence begin(number());
          expect(":");
          read.sack.add({begin, wire::tcp_sequence(number())});
        }
      } else {
        fail();
      }
      skip(",");
    }
    return read;
  }

  wire::tcp_fast_open_cookie cookie() {
    std::vector<std::byte> bytes;
    for (unsigned value = 0; rest_.size() >= 2; rest_.remove_prefix(2)) {
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 2, value, 16);
      if (error != std::errc{} || end != rest_.data() + 2) break;
      bytes.push_back(static_cast<std::byte>(value));
    }
    const auto read = wire::tcp_fast_open_cookie::from(bytes);
    if (bytes.empty() || !read) fail();
    return *read;
  }

  [[noreturn]] void fail() const {
    throw std::invalid_argument("no segment: '" + std::string(all_) + "' at '" +
                                std::string(rest_) + "'");
  }

 private:
  std::string_view all_;
  std::string_view rest_;
};

std::string text_of(const wire::tcp_options& options) {
  std::string text;
  const auto add = [&text](const std::string& one) { text += (text.empty() ? "" : ",") + one; };
  if (options.maximum_segment_size) add("mss " + std::to_string(*options.maximum_segment_size));
  if (options.sack_permitted) add("sackOK");
  if (options.timestamps) {
    add("TS val " + std::to_string(options.timestamps->value) + " ecr " +
        std::to_string(options.timestamps->echo_reply));
  }
  if (!options.sack.empty()) {
    std::string blocks = "sack";
    for (const auto& [begin, end] : options.sack) {
      blocks += " " + std::to_string(begin.number()) + ":" + std::to_string(end.number());
    }
    add(blocks);
  }
  if (options.window_scale) add("wscale " + std::to_string(*options.window_scale));
  if (options.user_timeout) add("uto " + std::to_string(options.user_timeout->value));
  if (options.fast_open) {
    std::string cookie = "FO";
    if (!options.fast_open->bytes().empty()) cookie += " ";
    for (const std::byte each : options.fast_open->bytes()) {
      constexpr std::string_view digits = "0123456789abcdef";
      cookie += digits[std::to_integer<unsigned>(each) >> 4];
      cookie += digits[std::to_integer<unsigned>(each) & 0xf];
    }
    add(cookie);
  }
  return "<" + text + ">";
}

}  // namespace

segment_text segment_text::parse(std::string_view text) {
  reader from(text);
  segment_text read;
  for (const auto& [name, mark] : marks) {
    if (from.skip(name)) read.mark = mark;
  }
  read.flags = from.flags();
  while (!from.at_end()) {
    from.expect(" ");
    if (from.at_number()) {
      read.first = from.number();
      from.expect(":");
      const std::uint32_t end = from.number();
      from.expect("(");
      read.size = from.number();
      from.expect(")");
      if (*read.first + read.size != end) from.fail();
    } else if (from.skip("ack ")) {
      read.acknowledgment = from.number();
    } else if (from.skip("win ")) {
      read.window = from.number();
    } else {
      from.expect("<");
      read.options = from.options();
    }
  }
  return read;
}

std::string segment_text::to_string() const {
  std::string text;
  for (const auto& [name, each] : marks) {
    if (mark == each && each != wire::ip_ecn::not_capable) text += name;
  }
  for (const auto& [letter, flag] : letters) {
    if (flags.has(flag)) text += letter;
  }
  if (first) {
    text += " " + std::to_string(*first) + ":" + std::to_string(*first + size) + "(" +
            std::to_string(size) + ")";
  }
  if (acknowledgment) text += " ack " + std::to_string(*acknowledgment);
  if (window) text += " win " + std::to_string(*window);
  if (options) text += " " + text_of(*options);
  return text;
}

bool segment_text::matches(const segment_text& other) const {
  const wire::tcp_flags looked_at(static_cast<std::uint8_t>(~wire::tcp_psh.bits()));
  return (flags & looked_at) == (other.flags & looked_at) && (!mark || mark == other.mark) &&
         (!first || (first == other.first && size == other.size)) &&
         (!acknowledgment || acknowledgment == other.acknowledgment) &&
         (!window || window == other.window) && (!options || options == other.options);
}

}  // namespace pentad::native::test
