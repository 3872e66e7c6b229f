#pragma once

/// Why bytes from outside are not the packet they were taken for, and the form in which every
/// parser of this folder answers.
///
/// A format has two types. A *view* refers to bytes that `parse` has checked, so that its accessors
/// cannot fail; they decode when asked. A *value* holds the same as plain fields and writes itself
/// into memory of the caller with `emit`, which needs `size()` bytes. Both work in place: nothing
/// here allocates, keeps state or does input or output.

#include <cstdint>
#include <expected>

namespace pentad::wire {

enum class parse_error : std::uint8_t {
  truncated,     ///< ends before its own length fields or its fixed part do
  malformed,     ///< breaks a rule of its format
  bad_checksum,  ///< was damaged on its way
  unsupported,   ///< well formed, of a kind that is not handled here
};

/// A view of checked bytes, or what is wrong with them.
template <class View>
using parsed = std::expected<View, parse_error>;

/// Whether a parser computes the checksum, or trusts a network interface that already has.
enum class checksum_check : bool { skip, verify };

}  // namespace pentad::wire
