// A file that Wireshark and tcpdump read, to which recorders write what passes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pentad/base/result.hpp"
#include "pentad/inspect/recording.hpp"

namespace pentad {

class recording_file {
 public:
  /// A new file at `path`, in the place of one that is there; only its owner may read it. Up to 256
  /// KiB are held back until `flush`; what is written blocks as writing to files does. Errors:
  /// those of open(2) and write(2).
  static result<std::unique_ptr<recording_file>> create(const std::string& path);
  ~recording_file();
  recording_file(const recording_file&) = delete;
  recording_file& operator=(const recording_file&) = delete;

  /// The number by which packets name the interface.
  std::uint32_t add_interface(std::string_view name) { return held_.add_interface(name); }

  /// Nothing happens when the recording has ended. Returns the place before it, to go back to.
  std::size_t add(const wire::pcapng_packet& passed);
  /// Takes back what was added last.
  void go_back(std::size_t place) noexcept {
    if (!has_ended_) held_.cut(place);
  }

  /// Whether a write has failed; the recording ended there.
  [[nodiscard]] bool has_ended() const noexcept { return has_ended_; }

  /// Writes what is held back. Errors: those of write(2), now or since the last call; the error is
  /// reported once.
  result<void> flush();

 private:
  explicit recording_file(int file) noexcept : file_(file) {}

  void write_out() noexcept;

  int file_;
  recording held_{"Pentad"};  // and not written yet
  bool has_ended_ = false;
  std::error_code error_;  // not reported yet
};

}  // namespace pentad
