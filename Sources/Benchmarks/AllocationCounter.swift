import Glibc
import Synchronization

/// Counts what the process takes from the heap.
///
/// The functions below stand in for the C library's own: a program's definitions win over those of the libraries that it loads, so
/// every allocation of Swift's runtime, of OpenSSL and of the C library itself comes through here. Counting is one atomic addition.
enum AllocationCounter {
  fileprivate static let allocations = Atomic(0)
  fileprivate static let bytes = Atomic(0)

  /// How many blocks have been taken so far, each growth of a block included.
  static var count: Int { allocations.load(ordering: .relaxed) }
  /// How many bytes have been asked for so far.
  static var byteCount: Int { bytes.load(ordering: .relaxed) }

  @inline(__always) fileprivate static func note(_ size: Int) {
    allocations.add(1, ordering: .relaxed)
    bytes.add(size, ordering: .relaxed)
  }
}

@_silgen_name("__libc_malloc") private func libraryMalloc(_ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_calloc") private func libraryCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_realloc") private func libraryRealloc(
  _ block: UnsafeMutableRawPointer?, _ size: Int
) -> UnsafeMutableRawPointer?
@_silgen_name("__libc_memalign") private func libraryMemalign(
  _ alignment: Int, _ size: Int
) -> UnsafeMutableRawPointer?

@_cdecl("malloc") func countedMalloc(_ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note(size)
  return unsafe libraryMalloc(size)
}

@_cdecl("calloc") func countedCalloc(_ count: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note(count &* size)
  return unsafe libraryCalloc(count, size)
}

@_cdecl("realloc") func countedRealloc(_ block: UnsafeMutableRawPointer?, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note(size)
  return unsafe libraryRealloc(block, size)
}

@_cdecl("aligned_alloc") func countedAlignedAlloc(_ alignment: Int, _ size: Int) -> UnsafeMutableRawPointer? {
  AllocationCounter.note(size)
  return unsafe libraryMemalign(alignment, size)
}

@_cdecl("posix_memalign") func countedPosixMemalign(
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  AllocationCounter.note(size)
  guard let block = unsafe libraryMemalign(alignment, size) else { return ENOMEM }
  unsafe result.pointee = block
  return 0
}
