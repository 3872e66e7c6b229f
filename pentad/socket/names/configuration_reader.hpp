// The configuration of names as it is now, when it is in files, or told by others, and may change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "pentad/runtime/task.hpp"
#include "pentad/socket/name_service.hpp"

namespace pentad::names {

/// Which version of a file is there; all zero if there is none.
struct file_version {
  std::int64_t seconds = 0;  ///< of the last modification
  std::int64_t nanoseconds = 0;
  std::uint64_t number = 0;  ///< of the inode
  std::int64_t size = 0;

  friend bool operator==(const file_version&, const file_version&) = default;
};

class configuration_reader {
 public:
  using shared = std::shared_ptr<const resolver_configuration>;

  explicit configuration_reader(const name_service& service);

  /// The configuration; another object than before if it has changed. A file that cannot be read
  /// counts as empty. Errors: `operation_canceled`, `timed_out`.
  task<result<shared>> current();

 private:
  struct versions {
    file_version configuration;
    file_version hosts;
    friend bool operator==(const versions&, const versions&) = default;
  };

  versions find_versions() const;

  std::optional<resolver_files> files_;
  name_service::live_configuration live_;
  shared known_;
  versions of_known_;
};

}  // namespace pentad::names
