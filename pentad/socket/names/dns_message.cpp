#include "pentad/socket/names/dns_message.hpp"

#include <arpa/nameser.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstring>
#include <limits>

#include "pentad/base/error.hpp"
#include "pentad/socket/names/host_name.hpp"

namespace pentad::names {
namespace {

// More records of a section than that are not looked at: whoever sends them wants work done.
constexpr int most_records = 256;

constexpr std::size_t header_size = NS_HFIXEDSZ;
constexpr std::uint16_t recursion_desired = 0x0100;  // in the flags of the header

class writer {
 public:
  explicit writer(std::span<unsigned char> out) noexcept : out_(out) {}

  void put16(unsigned value) noexcept {
    ns_put16(value, &out_[size_]);
    size_ += NS_INT16SZ;
  }
  void put32(unsigned long value) noexcept {
    ns_put32(value, &out_[size_]);
    size_ += NS_INT32SZ;
  }
  bool put_name(const std::string& name) noexcept {
    const int size = ns_name_compress(name.c_str(), &out_[size_], NS_MAXCDNAME, nullptr, nullptr);
    if (size < 0) return false;
    size_ += static_cast<std::size_t>(size);
    return true;
  }
  void put_root() noexcept { out_[size_++] = 0; }

  std::span<const std::byte> written() const noexcept { return std::as_bytes(out_.first(size_)); }

 private:
  std::span<unsigned char> out_;
  std::size_t size_ = 0;
};

// RFC 6891, section 6.1.2: a pseudo record whose class is the size of the largest reply.
void put_extension(writer& out) noexcept {
  out.put_root();
  out.put16(ns_t_opt);
  out.put16(udp_reply_capacity);
  out.put32(0);
  out.put16(0);
}

std::uint16_t type_of(const ns_rr& record) noexcept { return record.type; }

// RFC 2181, section 8: a lifetime with the top bit set counts as zero.
duration lifetime_of(std::uint32_t seconds) noexcept {
  if (seconds > INT32_MAX) seconds = 0;
  return std::chrono::seconds(seconds);
}

// The records of a message in the order in which it has them. The library has checked that each
// ends within the message, and checks its name when it is read.
class reader {
 public:
  static std::optional<reader> open(std::span<const std::byte> message) noexcept {
    reader opened;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(message.data());
    if (message.size() < header_size || message.size() > NS_MAXMSG) return {};
    if (ns_initparse(bytes, static_cast<int>(message.size()), &opened.message_) != 0) return {};
    return opened;
  }

  /// Calls `visit(record)` until it returns true. False if a record cannot be read.
  template <class Visit>
  bool each(ns_sect section, Visit visit) {
    const int count = std::min<int>(ns_msg_count(message_, section), most_records);
    for (int i = 0; i < count; ++i) {
      ns_rr record;
      if (ns_parserr(&message_, section, i, &record) != 0) return false;
      if (visit(record)) break;
    }
    return true;
  }

  /// The name that is the data of `record`; nothing if it is not one.
  std::optional<std::string> name_in(const ns_rr& record) const {
    std::array<char, NS_MAXDNAME> name{};
    const int size = ns_name_uncompress(ns_msg_base(message_), ns_msg_end(message_),
                                        ns_rr_rdata(record), name.data(), name.size());
    if (size < 0) return {};
    return std::string(name.data());
  }

 private:
  ns_msg message_{};
};

// The fields of the header; ns_initparse does not give all of them.
struct header {
  explicit header(std::span<const std::byte> message) noexcept
      : id(ns_get16(at(message, 0))),
        flags(ns_get16(at(message, 2))),
        questions(ns_get16(at(message, 4))) {}

  bool is_reply() const noexcept { return (flags & 0x8000U) != 0; }
  bool is_query_kind() const noexcept { return (flags & 0x7800U) == 0; }
  bool is_truncated() const noexcept { return (flags & 0x0200U) != 0; }
  unsigned code() const noexcept { return flags & 0x000fU; }

  unsigned id;
  unsigned flags;
  unsigned questions;

 private:
  static const unsigned char* at(std::span<const std::byte> message, std::size_t offset) noexcept {
    return reinterpret_cast<const unsigned char*>(&message[offset]);
  }
};

bool is_not_understood(unsigned code) noexcept {
  return code == ns_r_formerr || code == ns_r_notimpl || code == ns_r_badvers;
}

// Whether the message repeats the question. It stands right behind the header, and is looked at
// before anything else may be wrong with the message.
bool repeats(std::span<const std::byte> message, const question& asked) {
  const auto* const start = reinterpret_cast<const unsigned char*>(message.data());
  const auto* const end = start + message.size();
  std::array<char, NS_MAXDNAME> name{};
  const int size = ns_name_uncompress(start, end, start + header_size, name.data(), name.size());
  if (size < 0) return false;
  const unsigned char* const rest = start + header_size + size;
  if (end - rest < NS_QFIXEDSZ) return false;
  return same_name(name.data(), asked.name) &&
         ns_get16(rest) == static_cast<unsigned>(asked.type) &&
         ns_get16(rest + NS_INT16SZ) == ns_c_in;
}

// The code of the header with the upper bits that EDNS has for it (RFC 6891, section 6.1.3).
std::optional<unsigned> full_code(reader& records, unsigned code) {
  const bool sound = records.each(ns_s_ar, [&](const ns_rr& record) {
    if (type_of(record) != ns_t_opt) return false;
    code |= static_cast<unsigned>(record.ttl >> 24) << 4;
    return true;
  });
  return sound ? std::optional(code) : std::nullopt;
}

// How long it stays true that there is nothing (RFC 2308, section 5); nothing without an SOA.
std::optional<duration> negative_lifetime(reader& records) {
  constexpr std::size_t fixed_part = 20;  // behind the two names; the last field is the minimum
  std::optional<duration> found;
  records.each(ns_s_ns, [&](const ns_rr& record) {
    if (type_of(record) != ns_t_soa || record.rdlength < fixed_part + 2) return false;
    const unsigned char* const minimum = record.rdata + record.rdlength - NS_INT32SZ;
    found = std::min(lifetime_of(record.ttl),
                     lifetime_of(static_cast<std::uint32_t>(ns_get32(minimum))));
    return true;
  });
  return found;
}

std::optional<ip_address> address_in(const ns_rr& record) noexcept {
  std::array<std::byte, 4> v4;
  std::array<std::byte, 16> v6;
  if (type_of(record) == ns_t_a && record.rdlength == v4.size()) {
    std::memcpy(v4.data(), record.rdata, v4.size());
    return ip_address::v4(v4);
  }
  if (type_of(record) == ns_t_aaaa && record.rdlength == v6.size()) {
    std::memcpy(v6.data(), record.rdata, v6.size());
    return ip_address::v6(v6);
  }
  return {};
}

// Follows the aliases from the name that was asked for, in whatever order the records come.
class chain {
 public:
  chain(reader& records, const question& asked)
      : records_(records), asked_(asked), name_(asked.name) {}

  /// False if the records are malformed or the chain is too long, as one that is a circle is.
  bool follow() {
    for (;;) {
      std::optional<std::string> next;
      bool sound = true;
      const bool readable = records_.each(ns_s_an, [&](const ns_rr& record) {
        if (record.rr_class != ns_c_in || !same_name(ns_rr_name(record), name_)) return false;
        if (type_of(record) == static_cast<unsigned>(asked_.type)) return !take_address(record);
        if (type_of(record) != ns_t_cname || !found_.empty()) return false;
        next = records_.name_in(record);
        sound = next.has_value();
        lifetime_ = std::min(lifetime_, lifetime_of(record.ttl));
        return true;
      });
      if (!readable || !sound || malformed_) return false;
      if (!next || !found_.empty()) return true;
      if (++aliases_ > most_aliases) return false;
      name_ = std::move(*next);
    }
  }

  reply outcome(reply_kind kind) && {
    reply made(kind);
    made.addresses = std::move(found_);
    if (aliases_ != 0) made.alias = std::move(name_);
    made.aliases = aliases_;
    made.lifetime = lifetime_;
    return made;
  }
  bool has_addresses() const noexcept { return !found_.empty(); }
  bool has_aliases() const noexcept { return aliases_ != 0; }

 private:
  bool take_address(const ns_rr& record) {
    const std::optional<ip_address> address = address_in(record);
    malformed_ = !address;
    if (malformed_) return false;
    lifetime_ = std::min(lifetime_, lifetime_of(record.ttl));
    const bool is_new = std::ranges::find(found_, *address) == found_.end();
    if (is_new && found_.size() < most_addresses) found_.push_back(*address);
    return true;
  }

  reader& records_;
  const question& asked_;
  std::string name_;
  std::vector<ip_address> found_;
  unsigned aliases_ = 0;
  duration lifetime_ = duration::max();
  bool malformed_ = false;
};

reply negative(reader& records, reply_kind kind) {
  reply made(kind);
  made.lifetime = negative_lifetime(records).value_or(duration::zero());
  return made;
}

reply read_records(reader& records, unsigned code, const question& asked) {
  if (code != ns_r_noerror && code != ns_r_nxdomain) {
    return is_not_understood(code) ? reply_kind::not_understood : reply_kind::failed;
  }
  chain from_name(records, asked);
  if (!from_name.follow()) return reply_kind::failed;
  if (from_name.has_addresses()) return std::move(from_name).outcome(reply_kind::addresses);
  if (code == ns_r_nxdomain) return negative(records, reply_kind::no_name);
  const bool proven = negative_lifetime(records).has_value();
  if (from_name.has_aliases() && !proven) return std::move(from_name).outcome(reply_kind::alias);
  return negative(records, reply_kind::no_address);
}

}  // namespace

result<std::vector<std::byte>> make_query(std::uint16_t id, const question& asked, bool extended) {
  constexpr std::size_t extension_size = 1 + NS_RRFIXEDSZ;
  std::array<unsigned char, header_size + NS_MAXCDNAME + NS_QFIXEDSZ + extension_size> buffer;
  writer out(buffer);
  out.put16(id);
  out.put16(recursion_desired);
  out.put16(1);  // question
  out.put16(0);
  out.put16(0);
  out.put16(extended ? 1 : 0);
  if (!out.put_name(asked.name)) return failure(errc::name_not_found);
  out.put16(static_cast<unsigned>(asked.type));
  out.put16(ns_c_in);
  if (extended) put_extension(out);
  const std::span<const std::byte> message = out.written();
  return std::vector(message.begin(), message.end());
}

std::optional<reply> read_reply(std::span<const std::byte> message, std::uint16_t id,
                                const question& asked) {
  if (message.size() < header_size) return {};
  const header head(message);
  if (head.id != id || !head.is_reply() || !head.is_query_kind()) return {};
  // A server that does not understand a question need not repeat it.
  if (head.questions == 0 && is_not_understood(head.code())) {
    return reply(reply_kind::not_understood);
  }
  if (head.questions != 1 || !repeats(message, asked)) return {};
  if (head.is_truncated()) return reply(reply_kind::truncated);
  std::optional<reader> records = reader::open(message);
  if (!records) return reply(reply_kind::failed);
  const std::optional<unsigned> code = full_code(*records, head.code());
  if (!code) return reply(reply_kind::failed);
  return read_records(*records, *code, asked);
}

}  // namespace pentad::names
