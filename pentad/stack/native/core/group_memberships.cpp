#include "pentad/stack/native/core/group_memberships.hpp"

#include <algorithm>

#include "pentad/stack/native/core/scope.hpp"

namespace pentad::native {
namespace {

std::unexpected<std::error_code> error(std::errc what) noexcept {
  return std::unexpected(std::make_error_code(what));
}

}  // namespace

std::vector<group_memberships::membership>::iterator group_memberships::find(
    const ip_address& group, std::uint32_t interface) noexcept {
  const ip_address bare = without_scope(group);
  return std::ranges::find_if(all_, [&](const membership& each) {
    return each.group == bare && each.interface == interface;
  });
}

result<bool> group_memberships::add(const group_request& wanted) {
  const auto found = find(wanted.group, wanted.interface);
  if (found == all_.end()) {
    if (all_.size() == most_groups) return error(std::errc::no_buffer_space);
    membership& made = all_.emplace_back();
    made.group = without_scope(wanted.group);
    made.interface = wanted.interface;
    if (wanted.source) made.sources.push_back(*wanted.source);
    return true;
  }
  if (!wanted.source) return error(std::errc::address_in_use);
  if (found->sources.empty()) return error(std::errc::invalid_argument);
  if (std::ranges::find(found->sources, *wanted.source) != found->sources.end()) {
    return error(std::errc::address_not_available);
  }
  if (found->sources.size() == most_sources) return error(std::errc::no_buffer_space);
  found->sources.push_back(*wanted.source);
  return false;
}

result<bool> group_memberships::remove(const group_request& wanted) {
  const auto found = find(wanted.group, wanted.interface);
  if (found == all_.end()) return error(std::errc::address_not_available);
  if (wanted.source) {
    if (std::erase(found->sources, *wanted.source) == 0) {
      return error(std::errc::address_not_available);
    }
    if (!found->sources.empty()) return false;
  }
  all_.erase(found);
  return true;
}

std::vector<ip_address> group_memberships::sources(const ip_address& group,
                                                   std::uint32_t interface) const {
  const ip_address bare = without_scope(group);
  const auto found = std::ranges::find_if(all_, [&](const membership& each) {
    return each.group == bare && each.interface == interface;
  });
  return found != all_.end() ? found->sources : std::vector<ip_address>();
}

bool group_memberships::hears(const ip_address& group, const ip_address& source,
                              std::uint32_t by_interface) const noexcept {
  if (all_.empty()) return true;
  const ip_address bare = without_scope(group);
  for (const membership& each : all_) {
    if (each.group != bare || each.interface != by_interface) continue;
    return each.sources.empty() || std::ranges::find(each.sources, source) != each.sources.end();
  }
  return true;
}

}  // namespace pentad::native
