import CAllocations

/// What the process has taken from the heap.
enum AllocationCounter {
  /// How many blocks have been taken so far, each growth of a block included.
  static var count: Int { Int(callocations_count()) }
  /// How many bytes have been asked for so far.
  static var byteCount: Int { Int(callocations_bytes()) }
}
