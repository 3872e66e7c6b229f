// The steps of a socket's life, told one by one with what each returned.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "apps/messenger/demo/report.hpp"
#include "pentad/base/socket_address.hpp"
#include "pentad/socket/stream_socket.hpp"

namespace pentad::messenger::demo {

class steps {
 public:
  /// `told` must outlive it.
  steps(actor who, audience& told) noexcept : who_(who), told_(told) {}

  /// The steps are those of a connection from now on.
  void connected(const stream_socket& socket);

  void took(std::string_view step, std::string_view returned);
  /// A receive or send that moved these bytes.
  void moved(std::string_view step, std::span<const std::byte> bytes);
  void failed(std::string_view step, std::error_code error);
  void read(std::string_view message);

  const std::string& tuple() const noexcept { return tuple_; }

 private:
  actor who_;
  audience& told_;
  std::string tuple_;
};

}  // namespace pentad::messenger::demo
