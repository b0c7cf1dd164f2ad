import CCurl

// The functions that libcurl calls. Each finds the state of its transfer and moves bytes; none can throw.

@unsafe
private func state(_ pointer: UnsafeMutableRawPointer?) -> TransferState? {
    unsafe pointer.map { unsafe Unmanaged<TransferState>.fromOpaque($0).takeUnretainedValue() }
}

/// Takes bytes of the body (`CURLOPT_WRITEFUNCTION`).
@unsafe
func takeBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return 0 }
    switch unsafe state.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) {
    case true?: return size * count
    // CURL_WRITEFUNC_ERROR is newer than the oldest libcurl supported: any other number than the given one is an error.
    case false?: return size * count == 0 ? 1 : 0
    case nil: return Int(CURL_WRITEFUNC_PAUSE)
    }
}

/// Takes a line of headers (`CURLOPT_HEADERFUNCTION`).
@unsafe
func takeHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return 0 }
    return unsafe state.take(header: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// Gives bytes to send (`CURLOPT_READFUNCTION`).
@unsafe
func giveBody(
    _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    guard let state = unsafe state(pointer) else { return Int(CURL_READFUNC_ABORT) }
    return unsafe state.give(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
        ?? Int(CURL_READFUNC_ABORT)
}

/// Goes back in what is sent (`CURLOPT_SEEKFUNCTION`); only from the beginning.
@unsafe
func rewindBody(_ pointer: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard let state = unsafe state(pointer), origin == 0, state.rewind(to: Int(offset)) else {
        return CURL_SEEKFUNC_FAIL
    }
    return CURL_SEEKFUNC_OK
}
