#include "pentad/socket/resolver_configuration.hpp"

#include <algorithm>
#include <optional>

#include "pentad/base/decimal.hpp"
#include "pentad/socket/names/host_name.hpp"
#include "pentad/socket/names/words.hpp"

namespace pentad {
namespace {

using names::take_line;
using names::take_word;

constexpr std::uint16_t dns_port = 53;

// The limits of resolv.conf(5).
constexpr std::size_t most_servers = 3;
constexpr unsigned most_dots = 15;
constexpr unsigned longest_timeout = 30;
constexpr unsigned most_attempts = 5;
// That page sets no limit to the domains, but each is one more question.
constexpr std::size_t most_domains = 16;

// The number of `KEY:NUMBER`, as much as `most` of it.
std::optional<unsigned> number_of(std::string_view option, std::string_view key, unsigned most) {
  if (!option.starts_with(key)) return {};
  const std::optional<std::uint32_t> number = parse_decimal(option.substr(key.size()), UINT32_MAX);
  if (!number) return {};
  return std::min(*number, most);
}

void set_option(std::string_view option, resolver_configuration& to) {
  if (const auto dots = number_of(option, "ndots:", most_dots)) to.dots = *dots;
  if (const auto seconds = number_of(option, "timeout:", longest_timeout)) {
    to.timeout = std::chrono::seconds(std::max(1U, *seconds));
  }
  if (const auto attempts = number_of(option, "attempts:", most_attempts)) {
    to.attempts = std::max(1U, *attempts);
  }
  if (option == "rotate") to.rotate = true;
  if (option == "use-vc") to.use_tcp = true;
}

void add_server(std::string_view text, resolver_configuration& to) {
  const result<ip_address> address = ip_address::parse(text);
  if (address && to.servers.size() < most_servers) to.servers.emplace_back(*address, dns_port);
}

void add_domain(std::string_view text, resolver_configuration& to) {
  result<std::string> domain = names::to_host_name(text);
  if (!domain || to.search.size() == most_domains) return;
  if (domain->ends_with('.')) domain->pop_back();
  to.search.push_back(std::move(*domain));
}

}  // namespace

resolver_configuration resolver_configuration::parse(std::string_view text,
                                                     std::string_view domain) {
  resolver_configuration parsed;
  bool names_domains = false;
  while (!text.empty()) {
    std::string_view line = take_line(text);
    // A comment, or a line that does not begin at its beginning: resolv.conf(5).
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    const std::string_view keyword = take_word(line);
    std::string_view word = take_word(line);
    if (keyword == "nameserver") add_server(word, parsed);
    if (keyword == "domain" || keyword == "search") {
      names_domains = true;
      parsed.search.clear();  // the last of these lines is the one that counts
    }
    if (keyword == "domain") add_domain(word, parsed);
    for (; !word.empty(); word = take_word(line)) {
      if (keyword == "search") add_domain(word, parsed);
      if (keyword == "options") set_option(word, parsed);
    }
  }
  if (parsed.servers.empty()) {
    parsed.servers.emplace_back(ip_address::loopback(ip_version::v4), dns_port);
  }
  if (!names_domains) add_domain(domain, parsed);
  return parsed;
}

}  // namespace pentad
