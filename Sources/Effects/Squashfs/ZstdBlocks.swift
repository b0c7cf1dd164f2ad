import CZstd
package import SystemPackage

/// Compresses blocks as libsquashfs does, and says a block by its difference from content that the reader has.
///
/// What comes out of wrong bytes is nil or wrong: it is believed for its digest alone.
@safe
package final class ZstdBlocks {
    private let compressing: OpaquePointer
    private let decompressing: OpaquePointer

    /// Takes memory for both ways.
    ///
    /// The corresponding C functions are `ZSTD_createCCtx` and `ZSTD_createDCtx`.
    ///
    /// - Throws: `ENOMEM`.
    package init() throws(Errno) {
        guard let compressing = unsafe ZSTD_createCCtx() else { throw .noMemory }
        guard let decompressing = unsafe ZSTD_createDCtx() else {
            unsafe ZSTD_freeCCtx(compressing)
            throw .noMemory
        }
        unsafe self.compressing = unsafe compressing
        unsafe self.decompressing = unsafe decompressing
    }

    /// The stored form of a block; nil when it is not smaller.
    ///
    /// Equal content, level and version of the library give equal bytes. The corresponding C function is `ZSTD_compressCCtx`.
    package func compressed(_ block: [UInt8], level: Int) -> [UInt8]? {
        let context = unsafe compressing
        let result = unsafe Self.filled(block.count, from: block) { output, capacity, input, count in
            unsafe ZSTD_compressCCtx(context, output, capacity, input, count, Int32(clamping: level))
        }
        return result.flatMap { $0.count < block.count ? $0 : nil }
    }

    /// The content of a stored block; nil when it is damaged or longer than the limit.
    ///
    /// The corresponding C function is `ZSTD_decompressDCtx`.
    package func decompressed(_ stored: [UInt8], limit: Int) -> [UInt8]? {
        let context = unsafe decompressing
        return unsafe Self.filled(limit, from: stored) { output, capacity, input, count in
            unsafe ZSTD_decompressDCtx(context, output, capacity, input, count)
        }
    }

    /// What has to be known of a block beside other content; nil when it is as long as the block.
    ///
    /// The corresponding C functions are `ZSTD_CCtx_refPrefix` and `ZSTD_compress2`.
    package func difference(of block: [UInt8], from known: [UInt8], level: Int) -> [UInt8]? {
        let context = unsafe compressing
        return unsafe known.withUnsafeBytes { prefix in
            unsafe Self.filled(block.count, from: block) { output, capacity, input, count in
                unsafe ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters)
                unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level))
                unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 23)
                unsafe ZSTD_CCtx_refPrefix(context, prefix.baseAddress, prefix.count)
                return unsafe ZSTD_compress2(context, output, capacity, input, count)
            }
        }
    }

    /// The block that a difference and the other content make; nil when it is damaged or longer than the limit.
    ///
    /// The corresponding C functions are `ZSTD_DCtx_refPrefix` and `ZSTD_decompressDCtx`.
    package func block(_ difference: [UInt8], from known: [UInt8], limit: Int) -> [UInt8]? {
        let context = unsafe decompressing
        return unsafe known.withUnsafeBytes { prefix in
            unsafe Self.filled(limit, from: difference) { output, capacity, input, count in
                unsafe ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count)
                return unsafe ZSTD_decompressDCtx(context, output, capacity, input, count)
            }
        }
    }

    /// Runs a call that fills memory and returns how much of it, or an error.
    private static func filled(
        _ capacity: Int, from input: [UInt8],
        _ call: (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
    ) -> [UInt8]? {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let result = unsafe input.withUnsafeBytes {
                unsafe call(buffer.baseAddress, capacity, $0.baseAddress, $0.count)
            }
            failed = ZSTD_isError(result) != 0
            count = failed ? 0 : result
        }
        return failed ? nil : bytes
    }

    deinit {
        unsafe ZSTD_freeCCtx(compressing)
        unsafe ZSTD_freeDCtx(decompressing)
    }
}
