/// Messages of IGMP and MLD that are read are written and read again as the same. The first byte of
/// the input chooses the version of IP, the rest is the message.

#include <vector>

#include "pentad/wire/group_messages.hpp"
#include "tests/fuzz/wire_fuzz.hpp"

namespace {

using namespace pentad;
using namespace pentad::wire;
using namespace pentad::wire::fuzz;

std::vector<ip_address> addresses_of(const address_list& list) {
  std::vector<ip_address> addresses;
  for (std::size_t i = 0; i != list.size(); ++i) addresses.push_back(list[i]);
  return addresses;
}

void read_query(ip_version version, std::span<const std::byte> input) {
  auto query = group_query::parse(version, input);
  if (!query) return;
  require(query->group.is_unspecified() || query->group.is_multicast());
  const std::vector<ip_address> sources = addresses_of(query->sources);
  query->asked = sources;
  std::vector<std::byte> out(query->size());
  query->emit(out);
  require(internet_sum{out}.folded() == 0xffff);
  const auto again = group_query::parse(version, out);
  require(again && again->protocol == query->protocol && again->group == query->group);
  require(again->response_time == query->response_time && again->interval == query->interval);
  require(addresses_of(again->sources) == sources);
}

void read_notice(ip_version version, std::span<const std::byte> input) {
  const auto notice = group_notice::parse(version, input);
  if (!notice) return;
  std::vector<std::byte> out(notice->size());
  notice->emit(out);
  require(group_notice::parse(version, out) == notice);
}

void read_report(ip_version version, std::span<const std::byte> input) {
  auto report = group_report_view::parse(version, input);
  if (!report) return;
  std::vector<std::vector<ip_address>> sources;
  std::vector<group_record> records;
  while (const auto record = report->next()) {
    sources.push_back(addresses_of(record->sources));
    records.push_back({record->type, record->group, {}});
  }
  for (std::size_t i = 0; i != records.size(); ++i) records[i].sources = sources[i];
  std::vector<std::byte> out(group_report_size(records));
  emit_group_report(out, version, records);
  const auto again = group_report_view::parse(version, out);
  require(again && again->size() == records.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = input_of(data, size);
  const ip_version version = (take_byte(input) & 1) != 0 ? ip_version::v6 : ip_version::v4;
  read_query(version, input);
  read_notice(version, input);
  read_report(version, input);
  return 0;
}
