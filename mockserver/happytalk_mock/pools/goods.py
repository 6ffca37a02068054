"""상품문의: what people ask about what a shop sells, by kind of shop."""

from __future__ import annotations

from typing import Final

from happytalk_mock.pools.shapes import Topic

STOCK: Final = Topic(
    name="재고/재입고",
    weight=6,
    about="product",
    titles=(
        "{상품} 재입고 언제 되나요?",
        "재입고 문의드려요",
        "{상품} 재고 있나요?",
        "품절 상품 재입고 알림 문의",
        "{옵션} 재고 문의",
    ),
    questions=(
        "{상품} {옵션} 품절이던데 재입고 언제 되나요?",
        "{상품은} 이제 안 나오는 건가요?",
        "재입고 알림 신청했는데 아직 연락이 없어서요. {상품} 언제쯤 들어오나요?",
        "{상품} {수량} 한 번에 주문 가능한가요? 재고가 궁금합니다.",
        "{상품} 오프라인 {지점}에도 재고가 있을까요?",
        "장바구니에 담아둔 {상품이} 품절로 바뀌었네요. 다시 살 수 있나요?",
        "단체 주문으로 {상품} 30개 정도 가능할까요? 견적도 부탁드려요.",
        "{옵션} 말고 {다른옵션}도 재고 없나요?",
        "{상품} {금액}에 올라온 거 맞나요? 어제랑 가격이 달라요.",
    ),
    answers=(
        "{상품} {옵션}의 경우 다음 주 중 재입고 예정입니다.",
        "아쉽게도 해당 상품은 단종되어 재입고 계획이 없습니다.",
        "재입고 알림 신청해 주시면 입고되는 대로 문자로 안내드리고 있습니다.",
        "현재 {다른옵션}의 경우 바로 주문 가능하십니다.",
        "{지점}에 {수량} 남아 있는 것으로 확인됩니다. 방문 전 전화 확인 부탁드립니다.",
        "대량 주문의 경우 별도 견적서를 보내드리고 있습니다. 메일 주소 남겨주시겠어요?",
        "{상품} 판매가는 {금액}이며, 할인 행사는 어제 자정에 종료되었습니다.",
    ),
    followups=(
        "그럼 비슷한 상품 추천해 주실 수 있나요?",
        "재입고되면 바로 살게요. 알림은 어디서 신청하나요?",
        "{다른옵션으로} 할게요 그럼.",
        "지점으로 가면 바로 살 수 있는 거죠?",
    ),
)

FASHION_TOPICS: Final = (STOCK,)
BEAUTY_TOPICS: Final = (STOCK,)
FOOD_TOPICS: Final = (STOCK,)
DIGITAL_TOPICS: Final = (STOCK,)
LIVING_TOPICS: Final = (STOCK,)
