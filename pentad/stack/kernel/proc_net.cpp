#include "pentad/stack/kernel/proc_net.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "pentad/base/parse_number.hpp"

namespace pentad::kernel {
namespace {

std::string_view take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

std::string_view take_word(std::string_view& line) noexcept {
  line.remove_prefix(std::min(line.size(), line.find_first_not_of(' ')));
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

struct halves {
  std::string_view first;
  std::string_view second;
};

std::optional<halves> split(std::string_view word) noexcept {
  const std::size_t colon = word.find(':');
  if (colon == std::string_view::npos) return {};
  return halves{word.substr(0, colon), word.substr(colon + 1)};
}

// Words of 32 bits in network order, each printed as a number of this machine.
std::optional<ip_address> parse_address(std::string_view text) noexcept {
  std::array<std::byte, 16> bytes{};
  const std::size_t words = text.size() / 8;
  if (text.size() % 8 != 0 || (words != 1 && words != 4)) return {};
  for (std::size_t i = 0; i < words; ++i) {
    const auto word = parse_number<std::uint32_t>(text.substr(8 * i, 8), 16);
    if (!word) return {};
    std::memcpy(&bytes[4 * i], &*word, sizeof *word);
  }
  if (words == 1) return ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]});
  return ip_address::v6(bytes).unmapped();
}

std::optional<endpoint> parse_end(std::string_view word) noexcept {
  const std::optional<halves> parts = split(word);
  if (!parts) return {};
  const std::optional<ip_address> address = parse_address(parts->first);
  const auto port = parse_number<std::uint16_t>(parts->second, 16);
  if (!address || !port) return {};
  return endpoint(*address, *port);
}

bool set_ends(flow& to, std::string_view local, std::string_view remote) noexcept {
  std::optional<endpoint> own = parse_end(local);
  const std::optional<endpoint> other = parse_end(remote);
  if (!own || !other) return false;
  if (to.kind == flow_kind::raw) {  // they have a protocol where others have a port
    to.protocol = ip_protocol{static_cast<std::uint8_t>(own->port)};
    own->port = 0;
  }
  to.local = *own;
  if (!other->address.is_unspecified() || other->port != 0) to.remote = *other;
  return true;
}

// Of a listener, where a receive queue of bytes would be, how many connections wait.
bool set_queues(flow& to, std::string_view word) noexcept {
  const std::optional<halves> parts = split(word);
  if (!parts) return false;
  const auto send = parse_number<std::uint32_t>(parts->first, 16);
  const auto receive = parse_number<std::uint32_t>(parts->second, 16);
  if (!send || !receive) return false;
  if (to.state == flow_state::listen) {
    to.waiting = *receive;
  } else {
    to.info.send_queue = *send;
    to.info.receive_queue = *receive;
  }
  return true;
}

std::optional<flow> parse_line(std::string_view line, inet_sockets which) {
  flow made;
  made.kind = which.kind;
  made.protocol = which.protocol;
  take_word(line);  // the number of its line
  const std::string_view local = take_word(line);
  const std::string_view remote = take_word(line);
  if (!set_ends(made, local, remote)) return {};
  const auto number = parse_number<unsigned>(take_word(line), 16);
  if (!number) return {};
  const result<flow_state> state = parse_linux_state(*number, which.kind == flow_kind::stream);
  if (!state) return {};
  made.state = *state;
  if (!set_queues(made, take_word(line))) return {};
  for (int i = 0; i < 4; ++i) take_word(line);  // timer, retransmits, user, timeout
  const auto inode = parse_number<std::uint64_t>(take_word(line), 10);
  if (!inode) return {};
  if (*inode != 0) made.inode = *inode;
  return made;
}

}  // namespace

result<std::vector<flow>> parse_proc_net(std::string_view table, inet_sockets which) {
  std::vector<flow> flows;
  take_line(table);
  while (!table.empty()) {
    std::optional<flow> made = parse_line(take_line(table), which);
    if (!made) return failure(std::errc::bad_message);
    flows.push_back(std::move(*made));
  }
  return flows;
}

}  // namespace pentad::kernel
