#include "apps/pentad/capture_filter.hpp"

#include <linux/filter.h>
#include <linux/if_arp.h>
#include <pcap/pcap.h>

#include <algorithm>
#include <memory>

namespace pentad::command {
namespace {

using program = std::vector<filter_instruction>;

// More than any frame has: what passes is not cut.
constexpr int snap_length = 262144;

// libpcap's own number, which for IP packets is not the one in files.
int data_link_of(link_type link) noexcept {
  return link == link_type::raw_ip ? DLT_RAW : DLT_EN10MB;
}

std::expected<program, std::string> compile(const std::string& expression, link_type link) {
  const std::unique_ptr<pcap_t, decltype(&::pcap_close)> handle(
      ::pcap_open_dead(data_link_of(link), snap_length), &::pcap_close);
  bpf_program compiled{};
  if (::pcap_compile(handle.get(), &compiled, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0) {
    return std::unexpected(std::string(::pcap_geterr(handle.get())));
  }
  program made;
  for (const bpf_insn& each : std::span(compiled.bf_insns, compiled.bf_len)) {
    made.push_back({each.code, each.jt, each.jf, each.k});
  }
  ::pcap_freecode(&compiled);
  return made;
}

// Frames of Ethernet and of loopback, which looks the same, go to the first program, others to the
// second. Jumps are relative, so that both can stand anywhere.
program by_link(const program& ethernet, const program& raw) {
  static_assert(ARPHRD_LOOPBACK == 772);
  const auto kind = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_HATYPE);
  const auto length = static_cast<std::uint32_t>(ethernet.size());
  program all{{BPF_LD | BPF_H | BPF_ABS, 0, 0, kind},
              {BPF_JMP | BPF_JEQ | BPF_K, 2, 0, ARPHRD_ETHER},
              {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARPHRD_LOOPBACK},
              {BPF_JMP | BPF_JA, 0, 0, length}};
  all.insert(all.end(), ethernet.begin(), ethernet.end());
  all.insert(all.end(), raw.begin(), raw.end());
  return all;
}

}  // namespace

std::expected<program, std::string> compile_filter(const std::string& expression,
                                                   std::span<const link_type> links) {
  if (expression.empty()) return program();
  const bool has_raw = std::ranges::find(links, link_type::raw_ip) != links.end();
  const bool has_ethernet = std::ranges::find(links, link_type::ethernet) != links.end();
  if (!has_raw) return compile(expression, link_type::ethernet);
  const auto raw = compile(expression, link_type::raw_ip);
  if (!has_ethernet || !raw) return raw;
  const auto ethernet = compile(expression, link_type::ethernet);
  if (!ethernet) return ethernet;
  return by_link(*ethernet, *raw);
}

}  // namespace pentad::command
