import OEMPlanning
import Testing

@Suite("A swap file")
struct SwapPlanTests {
    private static let (mib, gib) = (1 << 20, 1 << 30)

    @Test(
        "is as large as asked, and else as the memory, where there is room and no limit against it",
        arguments: [
            (512 * mib, nil, 4 * gib, 10 * gib, 512 * mib), (2 * gib, gib, 4 * gib, 10 * gib, gib),
            (mib + 5, nil, gib, gib, mib), (20 * gib, nil, gib, gib, 20 * gib),
            (nil, nil, 2 * gib, 100 * gib, 2 * gib), (nil, nil, 64 * gib, 100 * gib, 8 * gib),
            (nil, nil, 2 * gib, 4 * gib, gib), (nil, 20 * gib, 64 * gib, 100 * gib, 20 * gib),
            (nil, 20 * gib, 64 * gib, 10 * gib, 9 * gib), (nil, nil, gib, 3 * mib, nil), (mib - 1, nil, gib, gib, nil),
        ] as [(Int?, Int?, Int, Int, Int?)])
    func size(asked: Int?, limit: Int?, memory: Int, free: Int, size: Int?) {
        #expect(SwapPlan(asked: asked, limit: limit, memory: memory, free: free).size == size)
    }

    @Test("that is there serves when it has the size that was named, and any size where none was")
    func serves() {
        let named = SwapPlan(asked: 2 * Self.mib, limit: nil, memory: 0, free: 0)
        #expect(named.serves(2 * Self.mib) && !named.serves(3 * Self.mib))
        let any = SwapPlan(asked: nil, limit: nil, memory: Self.gib, free: Self.gib)
        #expect(any.serves(7 * Self.mib) && !any.serves(0))
    }
}
