// What a host turns names into addresses with.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "pentad/socket/resolver_configuration.hpp"

namespace pentad {

/// The files of a system that configure names. They are read when the first name is asked for, and
/// again when they have changed.
struct resolver_files {
  std::string configuration = "/etc/resolv.conf";
  std::string hosts = "/etc/hosts";
};

class name_service {
 public:
  /// Fills bytes that nobody else can guess: whoever guesses what identifies a question can answer
  /// it (RFC 5452). Fails where the system gives none.
  using secret_source = std::function<result<void>(std::span<std::byte>)>;

  /// Gives the configuration as it is now; the same object as long as nothing has changed.
  using live_configuration = std::function<std::shared_ptr<const resolver_configuration>()>;

  /// No service: a host knows addresses and `localhost` alone.
  name_service() = default;
  name_service(resolver_configuration configuration, secret_source secrets)
      : source_(std::move(configuration)), secrets_(std::move(secrets)) {}
  name_service(resolver_files files, secret_source secrets)
      : source_(std::move(files)), secrets_(std::move(secrets)) {}
  name_service(live_configuration now, secret_source secrets)
      : source_(std::move(now)), secrets_(std::move(secrets)) {}

  /// Null if it may change.
  const resolver_configuration* configuration() const noexcept {
    return std::get_if<resolver_configuration>(&source_);
  }
  /// Null if it is not read from files.
  const resolver_files* files() const noexcept { return std::get_if<resolver_files>(&source_); }

  /// Null if it is not one that changes by itself.
  const live_configuration* live() const noexcept {
    return std::get_if<live_configuration>(&source_);
  }

  const secret_source& secrets() const noexcept { return secrets_; }

 private:
  std::variant<resolver_configuration, resolver_files, live_configuration> source_;
  secret_source secrets_;
};

}  // namespace pentad
