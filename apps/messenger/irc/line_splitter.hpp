// Cuts the bytes of a connection into lines. Memory is held for a line that is not complete and
// for bytes that wait until they may be looked at, and for nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pentad::messenger::irc {

/// Used in turns: `feed` some bytes, take lines with `next` as long as you like, then `keep`.
class line_splitter {
 public:
  struct line {
    std::string_view text;  ///< valid until the next call of any function
    bool too_long = false;  ///< the text is missing; said once for each such line
  };

  /// Looks at `bytes`, which must stay until `keep`.
  void feed(std::string_view bytes) noexcept { fed_ = bytes; }

  /// The next line without its end, which is LF, CR or both; empty lines are skipped. A line of
  /// more than `longest` bytes is thrown away as it comes.
  std::optional<line> next(std::size_t longest);

  /// Copies what has not been taken of the fed bytes.
  void keep();

  /// Bytes held in own memory.
  std::size_t held() const noexcept { return kept_.size() - taken_; }

 private:
  std::optional<line> next_kept(std::size_t longest);
  std::optional<line> next_fed(std::size_t longest);
  std::optional<line> overflow();
  void release_kept() noexcept;

  std::string kept_;       // from earlier feeds
  std::size_t taken_ = 0;  // of kept_
  std::string_view fed_;
  bool discarding_ = false;  // the rest of a line that was too long
};

}  // namespace pentad::messenger::irc
