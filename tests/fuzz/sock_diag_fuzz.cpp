/// What the kernel answers to a request for its sockets. The first byte of the input chooses the
/// request, the rest is read as the answer in datagrams: each begins with its length in two bytes.
/// What is read becomes flows that can be written as JSON, or an error; nothing is read beyond.

#include <algorithm>
#include <vector>

#include "pentad/stack/kernel/proc_net.hpp"
#include "pentad/stack/kernel/sock_diag.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::kernel;
using namespace pentad::wire::fuzz;

class port_of_input final : public netlink_port {
 public:
  explicit port_of_input(std::span<const std::byte> input) : input_(input) {}

  result<> send(std::span<const std::byte>) override { return {}; }

  // In memory of their own, so that a sanitizer sees what is read behind them.
  result<std::span<const std::byte>> receive() override {
    if (input_.empty()) return failure(std::errc::timed_out);
    const std::size_t length = take_byte(input_) + std::size_t{256} * take_byte(input_);
    const auto datagram = input_.first(std::min(length, input_.size()));
    input_ = input_.subspan(datagram.size());
    datagram_.assign(datagram.begin(), datagram.end());
    datagram_.shrink_to_fit();
    return std::span<const std::byte>(datagram_);
  }

 private:
  std::span<const std::byte> input_;
  std::vector<std::byte> datagram_;
};

void look_at(const result<std::vector<flow>>& flows) {
  if (!flows) return;
  for (const flow& each : *flows) {
    const std::string json = to_json(each);
    require(json.starts_with('{') && json.ends_with('}'));
    require(json.find('\n') == std::string::npos);
    require(each.tuple().has_value() == each.local.is_ip());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = input_of(data, size);
  const unsigned choice = take_byte(input);
  port_of_input port(input);
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  switch (choice % 5) {
    case 0:
      look_at(dump_inet(port, ip_version::v4, {flow_kind::stream, ip_protocol::tcp}));
      break;
    case 1:
      look_at(dump_inet(port, ip_version::v6, {flow_kind::datagram, ip_protocol::udp}));
      break;
    case 2:
      look_at(dump_inet(port, ip_version::v4, {flow_kind::raw, {}}));
      break;
    case 3:
      look_at(dump_unix(port));
      break;
    default:
      look_at(parse_proc_net(text, {flow_kind::raw, {}}));
      break;
  }
  return 0;
}
