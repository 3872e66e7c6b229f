// DNS messages byte by byte, as servers of the tests write them, and what they read of questions.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pentad/base/byte_order.hpp"
#include "pentad/base/ip_address.hpp"

namespace pentad::test {

namespace dns {
inline constexpr std::uint16_t a = 1;
inline constexpr std::uint16_t cname = 5;
inline constexpr std::uint16_t soa = 6;
inline constexpr std::uint16_t aaaa = 28;
inline constexpr std::uint16_t opt = 41;

inline constexpr std::uint16_t reply = 0x8180;  // recursion desired and available
inline constexpr std::uint16_t truncated = 0x0200;
inline constexpr std::uint16_t format_error = 1;
inline constexpr std::uint16_t server_failure = 2;
inline constexpr std::uint16_t no_name = 3;
inline constexpr std::uint16_t not_implemented = 4;
inline constexpr std::uint16_t refused = 5;

/// The labels of a name without compression.
inline std::string name(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    const std::string_view label = text.substr(0, text.find('.'));
    made.push_back(static_cast<char>(label.size()));
    made.append(label);
    text.remove_prefix(std::min(text.size(), label.size() + 1));
  }
  return made + '\0';
}

inline std::string number16(unsigned value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
inline std::string number32(std::uint32_t value) {
  return number16(value >> 16) + number16(value & 0xffff);
}

inline std::string data(const ip_address& address) {
  const auto bytes = address.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Of an SOA record: `minimum` is its last field.
inline std::string soa_data(std::uint32_t minimum) {
  return name("ns.example") + name("root.example") + number32(1) + number32(3600) + number32(600) +
         number32(86400) + number32(minimum);
}
}  // namespace dns

/// Names are given as labels (`dns::name`), so that those that are wrong can be written too.
class dns_message {
 public:
  dns_message(std::uint16_t id, std::uint16_t flags) : id_(id), flags_(flags) {}

  dns_message& question(const std::string& labels, unsigned type, unsigned class_ = 1) {
    ++counts_[0];
    body_ += labels + dns::number16(type) + dns::number16(class_);
    return *this;
  }
  dns_message& answer(const std::string& labels, unsigned type, std::uint32_t ttl,
                      const std::string& data) {
    return record(1, labels, type, ttl, data);
  }
  dns_message& authority(const std::string& labels, unsigned type, std::uint32_t ttl,
                         const std::string& data) {
    return record(2, labels, type, ttl, data);
  }
  dns_message& additional(const std::string& labels, unsigned type, std::uint32_t ttl,
                          const std::string& data) {
    return record(3, labels, type, ttl, data);
  }

  std::string text() const {
    std::string made = dns::number16(id_) + dns::number16(flags_);
    for (const unsigned count : counts_) made += dns::number16(count);
    return made + body_;
  }

 private:
  // The sections must be filled in their order.
  dns_message& record(std::size_t section, const std::string& labels, unsigned type,
                      std::uint32_t ttl, const std::string& data) {
    ++counts_[section];
    body_ += labels + dns::number16(type) + dns::number16(1) + dns::number32(ttl) +
             dns::number16(static_cast<unsigned>(data.size())) + data;
    return *this;
  }

  std::uint16_t id_;
  std::uint16_t flags_;
  unsigned counts_[4]{};
  std::string body_;
};

/// What a server reads of a question.
struct dns_question {
  explicit dns_question(std::span<const std::byte> message) {
    if (message.size() < 12) return;
    id = load_be16(message.data());
    extended = load_be16(&message[10]) == 1;
    std::size_t at = 12;
    while (at < message.size()) {
      const auto size = std::to_integer<std::size_t>(message[at]);
      const std::size_t there = std::min(size + 1, message.size() - at);
      const std::string label(reinterpret_cast<const char*>(&message[at]), there);
      labels += label;
      at += size + 1;
      if (size == 0) break;
      if (!name.empty()) name += '.';
      name.append(label, 1);
    }
    if (at + 4 <= message.size()) type = load_be16(&message[at]);
  }

  std::uint16_t id = 0;
  std::uint16_t type = 0;
  bool extended = false;  ///< has an EDNS record
  std::string labels;     ///< of the name
  std::string name;
};

}  // namespace pentad::test
