/// Copies bytes that are lent, in one go.
package enum ByteCopy {
    /// Appends lent bytes to an array.
    package static func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { unsafe array.append(contentsOf: $0) }
    }
}
