// The file of a Unix listener, which outlives its socket unless somebody removes it.
#pragma once

#include <sys/types.h>

#include <string>

#include "pentad/base/socket_address.hpp"

namespace pentad::kernel {

/// Removes the file when it dies, if it is still the one that was bound.
class unix_socket_file {
 public:
  unix_socket_file() = default;
  /// For an address that was just bound; of an IP address or an abstract name nothing is kept.
  explicit unix_socket_file(const socket_address& bound);
  unix_socket_file(unix_socket_file&& other) noexcept { *this = std::move(other); }
  unix_socket_file& operator=(unix_socket_file&& other) noexcept;
  ~unix_socket_file();

 private:
  std::string path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace pentad::kernel
